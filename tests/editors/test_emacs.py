"""The set-ups of docs/editors.md for Emacs, Eglot and lsp-mode, as they stand there, in Emacs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nixc.source import Source
from nixc.syntax.format import format_source
from tests.editors.test_neovim import FLOW, MODULE
from tests.harness import ROOT

#: What both clients share. What is seen is written as JSON.
COMMON = r"""
(require 'json)
(require 'flymake)
(require 'xref)
(defvar seen nil)
(defun see (name value) (push (cons name value) seen))
(defun until (what ready)
  (let ((end (+ (float-time) 30)))
    (while (not (or (funcall ready) (> (float-time) end)))
      (accept-process-output nil 0.02))
    (unless (funcall ready) (see (format "late: %s" what) t))))
(defun at (line word)
  (goto-char (point-min))
  (forward-line (1- line))
  (search-forward word)
  (goto-char (match-beginning 0)))
(defun whole () (buffer-substring-no-properties (point-min) (point-max)))
(defun command-loop () (run-hooks 'post-command-hook))
(defun steps ()
  (find-file "flow.nxa")
  (command-loop)
  (until "diagnostics" #'wrong)
  (see "diagnostics" (vconcat (wrong)))
  (at 4 "neds")
  (delete-char 4)
  (insert "needs")
  (until "no diagnostics" (lambda () (not (wrong))))
  (end-of-line)
  (insert "\n    tim")
  (see "completion" (vconcat (offered)))
  (delete-region (line-beginning-position) (1+ (line-end-position)))
  (at 5 "greet")
  (see "hover" (hovered))
  (save-buffer)
  (at 5 "greet")
  (definition)
  (command-loop)
  (see "definition" (format "%s:%d:%d" (buffer-name) (line-number-at-pos) (1+ (current-column))))
  (rename "hail")
  (save-some-buffers t)
  (see "module" (with-current-buffer "lib.nxa" (whole)))
  (switch-to-buffer "flow.nxa")
  (layout)
  (see "formatted" (whole))
  (save-buffer)
  (until "no diagnostics at the end" (lambda () (not (wrong)))))
(defun session ()
  (condition-case problem (steps) (error (see "problem" (format "%S" problem))))
  (with-temp-file (expand-file-name "seen.json" home) (insert (json-encode seen))))
"""

EGLOT = r"""
(setq eglot-confirm-server-initiated-edits nil)
(defun wrong () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(defun offered ()
  (let ((found (eglot-completion-at-point)))
    (mapcar #'substring-no-properties (all-completions "tim" (nth 2 found)))))
(defun hovered ()
  (eglot--signal-textDocument/didChange)
  (eglot--dbind ((Hover) contents)
      (jsonrpc-request (eglot-current-server) :textDocument/hover
                       (eglot--TextDocumentPositionParams))
    (substring-no-properties (eglot--hover-info contents))))
(defun definition () (call-interactively #'xref-find-definitions))
(defun rename (name) (eglot-rename name))
(defun layout () (eglot-format-buffer))
"""

LSP_MODE = r"""
(setq lsp-auto-guess-root t lsp-restart 'ignore lsp-enable-file-watchers nil
      lsp-diagnostics-provider :flymake lsp-headerline-breadcrumb-enable nil
      lsp-modeline-code-actions-enable nil)
(defun command-loop () (run-hooks 'post-command-hook) (lsp))
(defun wrong () (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
(defun offered ()
  (let ((found (lsp-completion-at-point)))
    (mapcar #'substring-no-properties (all-completions "tim" (nth 2 found)))))
(defun hovered ()
  (substring-no-properties
   (lsp--render-on-hover-content
    (lsp:hover-contents
     (lsp-request "textDocument/hover" (lsp--text-document-position-params)))
    t)))
(defun definition () (lsp-find-definition))
(defun rename (name) (lsp-rename name))
(defun layout () (lsp-format-buffer))
"""


def setups() -> list[str]:
    """The page's own texts: for Eglot, and what lsp-mode takes instead of its last lines."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    section = re.search(r"\n## Emacs.*?\n(.*?)\n## ", page, re.DOTALL)
    assert section
    return re.findall(r"```elisp\n(.*?)```", section[1], re.DOTALL)


def _seen(setup: str, client: str, emacs: str, folder: Path) -> dict[str, Any]:
    """What a session in Emacs saw."""
    packages = "(package-initialize)\n"
    ours = f"(setq home {json.dumps(str(folder))} default-directory home)\n"
    texts = {
        "init.el": packages + setup,
        "session.el": ours + COMMON + client + "(session)\n",
        "lib.nxa": MODULE,
        "flow.nxa": FLOW,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder), "PATH": path}
    command = [emacs, "--batch", "-q", "-l", f"{folder}/init.el", "-l", f"{folder}/session.el"]
    ended = subprocess.run(
        command, cwd=folder, env={**os.environ, **home}, timeout=300, capture_output=True, text=True
    )
    answer = folder / "seen.json"
    assert answer.exists(), ended
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found


def _package(name: str) -> None:
    """Skips the test where Emacs lacks it; a failure where nothing may be skipped."""
    if any(Path("/usr/share/emacs/site-lisp/elpa-src").glob(f"{name}-[0-9]*")):
        return
    assert os.environ.get("NIXC_NO_SKIPS") != "1", f"{name} is not installed"
    pytest.skip(f"elpa-{name} is not installed")


@pytest.mark.parametrize(("package", "client"), [("eglot", EGLOT), ("lsp-mode", LSP_MODE)])
def test_a_session(
    package: str, client: str, needs_tool: Callable[[str], str], tmp_path: Path
) -> None:
    emacs = needs_tool("emacs")
    _package(package)
    eglot, lsp_mode = setups()
    mode = eglot[: eglot.index("(with-eval-after-load")]
    seen = _seen(eglot if package == "eglot" else mode + lsp_mode, client, emacs, tmp_path)
    assert "problem" not in seen, seen
    assert not [what for what in seen if what.startswith("late")], seen
    assert len(seen["diagnostics"]) == 1
    assert "`job` has no field `neds`" in seen["diagnostics"][0]
    assert "timeout" in seen["completion"]
    assert "Greets somebody." in seen["hover"]
    assert seen["definition"] == "lib.nxa:2:8"
    assert "action hail(who: string) {" in seen["module"]
    fixed = FLOW.replace("neds", "needs").replace("greet", "hail")
    assert seen["formatted"] == format_source(Source("flow.nxa", fixed)).text
