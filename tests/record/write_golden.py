"""Write the golden files again, when a change of results.json is meant: ``python tests/record/write_golden.py``."""

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).parent


def load(path: Path):
    """Import a test module by its path."""
    spec = importlib.util.spec_from_file_location(f"golden_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    studies, page = load(HERE.parent / "conftest.py"), load(HERE / "test_document.py")
    page.GOLDEN.write_text(page.results_file(page.document_of(page.tiny(studies.hand_made_study))), "utf-8")
    sys.stdout.write(f"{page.GOLDEN}\n")
