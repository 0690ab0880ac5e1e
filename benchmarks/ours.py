"""Our side: the whole product as `zhiban run` starts it, without limits for its customers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.side import Root, Side
from tests.product import Product, running_product

NO_LIMITS = {"RATE_REST": "1000000 per 1 second", "RATE_MESSAGES": "1000000 per 1 second"}


@contextlib.contextmanager
def ours(data_dir: Path, **environ: str) -> Iterator[tuple[Side, Product]]:
    """Ready for messages; `environ` are settings of its own."""
    begun = time.monotonic()
    with running_product(data_dir, **NO_LIMITS, **environ) as product:
        seconds = time.monotonic() - begun
        roots = {name: Root(pid) for name, pid in product.pids.items()}
        yield Side(product.base_url, {**roots, "supervisor": Root(product.pid, alone=True)}, seconds), product
