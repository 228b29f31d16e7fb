"""The manifest signed, and its signature checked, by OpenSSH's own tool."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from satmeter.errors import Problem, PublicationError

NAMESPACE = "satmeter-release"
TOOL = "ssh-keygen"
_SECONDS = 120
_TOO_OLD = ("unknown option", "illegal option", "invalid option")


def sign(manifest: bytes, key: Path) -> bytes:
    """Return the detached signature of a manifest.

    Parameters
    ----------
    manifest
        Its bytes.
    key
        A private key of OpenSSH; a passphrase is asked for by ssh-keygen itself.

    Raises
    ------
    PublicationError
        P025 when ssh-keygen is not there or too old, P026 when it refuses the key.
    """
    with tempfile.TemporaryDirectory(prefix="satmeter-") as folder:
        path = Path(folder) / "manifest.json"
        path.write_bytes(manifest)
        run = _run(["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(path)], b"")
        made = path.with_name("manifest.json.sig")
        if run.returncode or not made.is_file():
            raise PublicationError(Problem("P026", file=str(key), params={"detail": _said(run)}))
        return made.read_bytes()


def signer_of(manifest: bytes, signature: bytes, signers: Path | None) -> str | None:
    """Return who signed a manifest.

    Parameters
    ----------
    manifest, signature
        Their bytes.
    signers
        OpenSSH's file of allowed signers; without it only the signature itself is checked, not whose it is.

    Returns
    -------
    str or None
        The signer's name in that file, or an empty text where nobody is asked for; None when the signature does not
        belong to the manifest, or to nobody in the file.

    Raises
    ------
    PublicationError
        P025 when ssh-keygen is not there or too old, P028 when the file of signers cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="satmeter-") as folder:
        path = Path(folder) / "manifest.json.sig"
        path.write_bytes(signature)
        if signers is None:
            run = _run(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(path)], manifest)
            return None if run.returncode else ""
        if not signers.is_file():
            raise PublicationError(Problem("P028", file=str(signers)))
        found = _run(["-Y", "find-principals", "-f", str(signers), "-s", str(path)], b"")
        names = [name for name in found.stdout.decode("utf-8", "replace").split() if name]
        for name in names if not found.returncode else ():
            asked = ["-Y", "verify", "-f", str(signers), "-I", name, "-n", NAMESPACE, "-s", str(path)]
            if not _run(asked, manifest).returncode:
                return name
        return None


def _run(arguments: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    tool = shutil.which(TOOL)
    if tool is None:
        raise PublicationError(Problem("P025"))
    run = subprocess.run([tool, *arguments], input=given, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    if run.returncode and any(word in run.stderr.decode("utf-8", "replace").lower() for word in _TOO_OLD):
        raise PublicationError(Problem("P025"))
    return run


def _said(run: subprocess.CompletedProcess[bytes]) -> str:
    """Return the last line that ssh-keygen wrote; it holds no secret."""
    lines = run.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else f"exit {run.returncode}"
