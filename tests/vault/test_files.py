"""A sealed file opens whole or not at all."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.domain.errors import DamagedSeal, NotFound
from tejido.vault.files import FRAME, SealedFile, SealedFiles


@pytest.fixture
def files(tmp_path: Path) -> SealedFiles:
    return SealedFiles(tmp_path)


@settings(max_examples=30, deadline=None)
@given(size=st.sampled_from([0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 7]))
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    files = SealedFiles(tmp_path_factory.mktemp("sealed"))
    plain = bytes(range(256)) * (size // 256 + 1)
    plain = plain[:size]
    sealed = files.keep(io.BytesIO(plain))
    assert (sealed.size, sealed.sha256) == (size, hashlib.sha256(plain).hexdigest())
    with files.open(SealedFile.from_json(sealed.as_json())) as reader:
        assert reader.read() == plain


def test_a_file_cut_anywhere_is_refused_also_at_a_frame_boundary(files: SealedFiles, tmp_path: Path) -> None:
    sealed = files.keep(io.BytesIO(b"x" * (3 * FRAME)))
    path = next(tmp_path.iterdir())
    whole = path.read_bytes()
    assert b"xxxx" not in whole
    frame = FRAME + 17
    head = len(whole) - 3 * frame
    for cut in (0, 5, head, head + frame, head + 2 * frame, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(DamagedSeal), files.open(sealed) as reader:
            reader.read()


def test_an_altered_swapped_or_lengthened_file_is_refused(files: SealedFiles, tmp_path: Path) -> None:
    sealed = files.keep(io.BytesIO(b"x" * (2 * FRAME + 9)))
    path = next(tmp_path.iterdir())
    whole = path.read_bytes()
    frame = FRAME + 17
    head = len(whole) - 2 * frame - 26
    swapped = whole[:head] + whole[head + frame : head + 2 * frame] + whole[head : head + frame] + whole[-26:]
    bent = bytearray(whole)
    bent[head + 100] ^= 1
    for other in (swapped, bytes(bent), whole + b"!"):
        path.write_bytes(other)
        with pytest.raises(DamagedSeal), files.open(sealed) as reader:
            reader.read()


def test_a_discarded_file_is_gone(files: SealedFiles) -> None:
    sealed = files.keep(io.BytesIO(b"x"))
    files.discard(sealed)
    with pytest.raises(NotFound):
        files.open(sealed)
