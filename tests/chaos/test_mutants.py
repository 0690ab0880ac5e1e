"""The patches that take a safeguard away still fit; that each is found out, `python -m tests.chaos.mutants` shows."""

import pytest

from tests.chaos.mutants.__main__ import HERE, MUTANTS, Mutant, apply, copied


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.patch)
def test_a_patch_fits_exactly(mutant: Mutant, tmp_path):
    assert apply(mutant.patch, copied(tmp_path / "tree")) == ""


def test_every_patch_is_played():
    assert {path.stem for path in HERE.glob("*.patch")} == {mutant.patch for mutant in MUTANTS}
