"""Know which domains end a host: those of the Public Suffix List that ICANN's registries have.

The list comes with publicsuffixlist, whose release says its day.
"""

from importlib.resources import files

_BEGIN, _END = "===BEGIN ICANN DOMAINS===", "===END ICANN DOMAINS==="


def top_level_domains() -> frozenset[str]:
    """Return them in lower case, those of other scripts in both spellings ("рф", "xn--p1ai")."""
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text("utf-8")
    rules = (line.strip() for line in text.partition(_BEGIN)[2].partition(_END)[0].splitlines())
    domains = {
        rule.lstrip("*!.").rpartition(".")[2]
        for rule in rules
        if rule and not rule.startswith("//")
    }
    return frozenset(domains | {domain.encode("idna").decode() for domain in domains})
