"""What is in the way, said in one line that names the remedy."""


class Problem(Exception):
    """Raised when the product cannot start or go on; the text is one line for the person at the terminal."""


class Problems(Problem):
    """Several at once: one line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
