"""Static files under names that change with them."""

from pathlib import Path

from django.core.files.base import ContentFile

from microblog.media.storage import StaticFilesStorage


def test_a_module_imports_others_under_their_hashed_names(tmp_path: Path) -> None:
    storage = StaticFilesStorage(location=tmp_path, base_url="/static/")
    names = {
        "a.js": 'import "./d.js";\nimport { b } from "./b.js";\nimport("./c.js");\n',
        "b.js": "export const b = 1;\n",
        "c.js": "export default 1;\n",
        "d.js": "document.title = '';\n",
    }
    for name, content in names.items():
        storage.save(name, ContentFile(content.encode()))
    done = {
        name: hashed
        for name, hashed, _ in storage.post_process({name: (storage, name) for name in names})
        if name in names
    }
    made = (tmp_path / done["a.js"]).read_text()
    assert f'from "./{done["b.js"]}"' in made
    assert f'import("./{done["c.js"]}")' in made
    assert f'import"./{done["d.js"]}"' in made.replace("import ", "import")
