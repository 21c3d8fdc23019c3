"""Take an account's archive out: `manage.py export_archive HANDLE FILE`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from tqdm import tqdm

from accounts.models import Account
from archives.export.archive import write_archive
from archives.export.disk_space import free_at, needed_for


class Command(BaseCommand):
    help = (
        "Writes the archive of a local account to a file: all that is theirs, as they get it under "
        "Settings, Your archive."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("handle", help="whose archive it is: ada, or @ada")
        parser.add_argument("file", type=Path, help="the zip that is made; it must not be there")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        account = self._account(options["handle"])
        _check_place(path, needed_for(account))
        part = path.with_name(f".{path.name}.part")
        try:
            missing = self._write(account, part)
            _check_free(path)
            part.rename(path)
        except OSError as error:
            raise CommandError(f"{error.strerror or error}: {path}. Nothing is left.") from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. Nothing is left.") from error
        finally:
            part.unlink(missing_ok=True)
        for name in missing:
            self.stderr.write(f"The storage has no {name}.")
        self.stdout.write(f"{account} is in {path}: {_shown(path.stat().st_size)}.")

    def _account(self, handle: str) -> Account:
        named = Account.objects.undeleted().local().named(handle.removeprefix("@"))
        account = named.with_user().first()
        if account is None:
            raise CommandError(f"Nobody here is called @{handle.removeprefix('@')}.")
        return account

    def _write(self, account: Account, part: Path) -> list[str]:
        with (
            part.open("wb") as file,
            tqdm(desc="posts", unit="", file=sys.stderr, disable=None, leave=False) as bar,
        ):

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return write_archive(account, file, show)


def _check_place(path: Path, needed: int) -> None:
    _check_free(path)
    if not path.parent.is_dir():
        raise CommandError(f"There is no folder {path.parent}.")
    if (free := free_at(path.parent.resolve())) < needed:
        raise CommandError(
            f"The archive may take {_shown(needed)}, and {_shown(free)} are free at {path.parent}."
        )


def _check_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise CommandError(f"{path} is there already. Name another file, or move it away.")


def _shown(size: int) -> str:
    return filesizeformat(size).replace("\xa0", " ")
