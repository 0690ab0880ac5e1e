"""Writes `bot/simplified.txt`, the map from Traditional to Simplified characters (run when OpenCC changes)."""

from pathlib import Path

TARGET = Path(__file__).with_name("simplified.txt")
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))


def write(target: Path = TARGET) -> int:
    """Write one pair of characters a line; returns how many."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    characters = (chr(code) for start, end in _BLOCKS for code in range(start, end))
    pairs = [c + convert(c) for c in characters if convert(c) != c and len(convert(c)) == 1]
    target.write_text("\n".join(pairs) + "\n", encoding="utf-8")
    return len(pairs)


if __name__ == "__main__":
    write()
