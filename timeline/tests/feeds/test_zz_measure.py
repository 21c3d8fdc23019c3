import time

import pytest

from conftest import client_of
from testing.scene import say


def measure(client, url, n=150):
    for _ in range(10):
        client.get(url)
    best = 9e9
    for _ in range(4):
        t = time.process_time()
        for _ in range(n // 3):
            size = len(client.get(url).content)
        best = min(best, (time.process_time() - t) / (n // 3) * 1000)
    return f"{best:.2f} ms, {size} bytes"


@pytest.mark.parametrize("kept", [0, 50_000_000])
def test_m(ada, ben, cal, settings, kept, capsys):
    settings.KEPT_BYTES = kept
    post = say(ada, "Hello")
    for n in range(25):
        r = say(ben, f"Answer {n}", reply_to=post)
    deep = post
    for n in range(5):
        deep = say(ben, f"d {n}", reply_to=deep)
    with capsys.disabled():
        for who in (None, ada, ben, cal):
            c = client_of(who)
            print(
                kept,
                who,
                "root",
                measure(c, post.get_absolute_url()),
                "| deep",
                measure(c, deep.get_absolute_url()),
                "| /@ada",
                measure(c, "/@ben/replies"),
            )
        print("compose", measure(client_of(cal), "/compose"))
