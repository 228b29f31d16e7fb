"""Manifests signed and checked with ssh-keygen."""

import shutil
import subprocess

import pytest

from satmeter.errors import PublicationError
from satmeter.publication import signature
from satmeter.publication.signature import sign, signer_of

needs_tool = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
MANIFEST = b'{"kind": "satmeter.release"}\n'


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Two keys, and a file of signers that knows the first."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("known", "other"):
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(made, check=True)
    (folder / "signers").write_text(f"office@example.org {(folder / 'known.pub').read_text('utf-8')}")
    return folder


def code(call):
    with pytest.raises(PublicationError) as caught:
        call()
    return [problem.code for problem in caught.value.problems]


@needs_tool
def test_a_signature_belongs_to_one_manifest_and_one_signer(keys):
    made = sign(MANIFEST, keys / "known")
    assert signer_of(MANIFEST, made, keys / "signers") == "office@example.org"
    assert signer_of(MANIFEST, made, None) == ""
    assert signer_of(MANIFEST + b" ", made, None) is None
    assert signer_of(MANIFEST + b" ", made, keys / "signers") is None
    assert signer_of(MANIFEST, sign(MANIFEST, keys / "other"), keys / "signers") is None
    assert signer_of(MANIFEST, sign(MANIFEST, keys / "other"), None) == ""
    assert sign(MANIFEST, keys / "known") == made  # ed25519 signs the same bytes in the same way


@needs_tool
def test_keys_and_signers_that_are_none(keys, tmp_path):
    assert code(lambda: sign(MANIFEST, tmp_path / "nothing")) == ["P026"]
    (tmp_path / "text").write_text("no key")
    assert code(lambda: sign(MANIFEST, tmp_path / "text")) == ["P026"]
    assert code(lambda: signer_of(MANIFEST, b"x", tmp_path / "nobody")) == ["P028"]
    assert signer_of(MANIFEST, b"no signature", None) is None


def test_without_the_tool(monkeypatch, tmp_path):
    monkeypatch.setattr(signature.shutil, "which", lambda _: None)
    assert code(lambda: sign(MANIFEST, tmp_path)) == ["P025"]


def test_a_tool_that_is_too_old(monkeypatch, tmp_path):
    monkeypatch.setattr(signature.shutil, "which", lambda _: "ssh-keygen")
    old = subprocess.CompletedProcess([], 1, b"", b"unknown option -- Y\nusage: ssh-keygen")
    monkeypatch.setattr(signature.subprocess, "run", lambda *_, **__: old)
    assert code(lambda: sign(MANIFEST, tmp_path)) == ["P025"]
