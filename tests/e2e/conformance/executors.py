"""The executors that the conformance suite runs on: each a declaration of `there`."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.engines import DEBIAN


@dataclass(frozen=True)
class Target:
    """An executor to be held to the contract."""

    name: str
    #: Declares `there`.
    text: str
    #: The engine that it needs, if it needs one.
    engine: str | None = None
    #: The mode of an executor of the kind `ssh`, which needs a server.
    ssh: str | None = None

    def __str__(self) -> str:
        return self.name


#: The least that a custom executor can be: all but one hook left out.
_LEAST = """
executor there = custom {
  executeJob = 'bash "$JOB_SCRIPT"'
}
"""

#: Every hook, directories of its own, and no environment but the job's: the script comes by a pipe.
_WHOLE = '''
executor there = custom {
  setupWorkspace   = 'mkdir "$WORKSPACE_DIR/there"'
  cleanupWorkspace = 'rm -r "$WORKSPACE_DIR/there"'
  setupJob         = """
    mkdir "$WORKSPACE_DIR/there/$JOB_NAME"
    cp -Rp "$REPO_DIR/." "$WORKSPACE_DIR/there/$JOB_NAME"
  """
  executeJob       = """
    cd "$WORKSPACE_DIR/there/$JOB_NAME"
    cat "$JOB_ENV_FILE" "$JOB_SCRIPT" | env -i PATH="$PATH" HOME="$HOME" TMPDIR="${TMPDIR-}" bash
  """
  cleanupJob       = 'rm -rf "$WORKSPACE_DIR/there/$JOB_NAME"'
  saveArtifact     = """
    cd "$WORKSPACE_DIR/there/$JOB_NAME"
    tar -cf - -- "$ARTIFACT_PATH" | tar -C "$ARTIFACT_DIR" -xpf -
  """
  restoreArtifact  = """
    mkdir -p "$WORKSPACE_DIR/there/$JOB_NAME/$ARTIFACT_PATH"
    tar -C "$ARTIFACT_DIR" -cf - . | tar -C "$WORKSPACE_DIR/there/$JOB_NAME/$ARTIFACT_PATH" -xpf -
  """
}
'''


def oci(engine: str, mode: str) -> Target:
    fields = f'engine = "{engine}", image = "{DEBIAN}", mode = "{mode}"'
    return Target(f"{engine}, {mode}", f"executor there = oci {{ {fields} }}\n", engine)


TARGETS = [
    Target("local", "executor there = local\n"),
    Target("custom, one hook", _LEAST),
    Target("custom, all hooks", _WHOLE),
    *(Target(f"ssh, {mode}", "", ssh=mode) for mode in ("shared", "dedicated", "pool")),
    *(oci(engine, mode) for engine in ("docker", "podman") for mode in ("shared", "isolated")),
]
