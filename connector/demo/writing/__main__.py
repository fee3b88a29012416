"""Write the packaged story to its place: ``python -m connector.demo.writing``."""

import sys

from connector.demo.writing.story import STORY_FILE, write_story


def main() -> None:
    """Write the story and say on stderr what it holds."""
    text = write_story()
    STORY_FILE.parent.mkdir(parents=True, exist_ok=True)
    STORY_FILE.write_text(text, encoding="utf-8", newline="\n")
    sys.stderr.write(f"{STORY_FILE}: {len(text.encode()):,} bytes\n")


main()
