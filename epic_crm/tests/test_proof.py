"""docs/threat-model.md and docs/asvs.md claim nothing that is not there: .ci/proof.py."""

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database
ROOT = settings.BASE_DIR


def look(docs):
    command = [sys.executable, ".ci/proof.py", str(docs), "--check"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_works():
    told = look(ROOT / "docs")
    assert (told.returncode, told.stdout) == (0, "")


@pytest.mark.parametrize(
    ("document", "instead", "said"),
    [
        ("asvs.md", ("| 1.1.1 | 2 | met |", "| 1.1.1 | 2 | done |"), "1.1.1: “done” is none of"),
        ("asvs.md", ("| 1.1.1 | 2 |", "| 1.1.1 | 1 |"), "1.1.1, of level 2, has no row, or one"),
        ("asvs.md", ("| 1.1.1 |", "| 1.2.1 |"), "1.2.1 has 2 rows."),
        ("asvs.md", ("| 1.1.1 |", "| 1.2.10 |"), "1.2.10 is no requirement of level 1 or 2."),
        ("asvs.md", ("| n/a | No LDAP |", "| n/a | |"), "1.2.6: n/a, and it does not say why."),
        ("asvs.md", ("test_what_is_typed`", "test_gone`"), "there is no epic_crm/tests/"),
        ("asvs.md", ("`docs/operations.md`", "`docs/gone.md`"), "there is no docs/gone.md."),
        ("threat-model.md", ("test_a_script_does`", "test_gone`"), "there is no epic_crm/tests/"),
        ("threat-model.md", ("| shown by |", "| shown by |\n| A risk | A word | |"), "A risk: no"),
    ],
)
def test_what_does_not_agree_is_a_sentence(tmp_path, document, instead, said):
    for name in ("asvs.md", "threat-model.md"):
        text = (ROOT / "docs" / name).read_text()
        assert name != document or instead[0] in text
        (tmp_path / name).write_text(text.replace(*instead, 1) if name == document else text)
    told = look(tmp_path)
    assert told.returncode == 1
    assert said in told.stdout


def test_the_table_says_what_became_of_each_test(tmp_path):
    """One that passes, one that fails, one of which only some cases pass."""
    module = tmp_path / "test_three.py"
    module.write_text(
        "import pytest\ndef test_good(): pass\ndef test_bad(): assert 0\n"
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_half(n): assert n == 1\n"
        "class TestAll:\n    def test_one(self): pass\n"
    )
    code = (
        "import runpy, pytest; proof = runpy.run_path('.ci/proof.py'); seen = proof['Recorder']();"
        f"pytest.main(['-qq', '--rootdir', {str(tmp_path)!r}, '-c', '/dev/null', '-p', 'no:django',"
        f" '-p', 'no:cacheprovider', '-p', 'no:randomly', {str(module)!r}], plugins=[seen]);"
        "names = ['test_good', 'test_bad', 'test_half', 'TestAll', 'test_gone'];"
        "print('TOLD', *[seen.of(f'test_three.py::{name}') for name in names])"
    )
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "TOLD passed failed failed passed not run" in told.stdout
