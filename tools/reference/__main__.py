"""`python -m tools.reference` writes docs/settings.md anew."""

from pathlib import Path

from tools.reference.page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
