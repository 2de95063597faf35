"""The set-ups of docs/editors.md for Emacs, Eglot and lsp-mode, as they stand there, in Emacs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editors.session import mended, seen_by, set_ups

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


def _package(name: str) -> None:
    """Skips the test where Emacs lacks it."""
    if not any(Path("/usr/share/emacs/site-lisp/elpa-src").glob(f"{name}-[0-9]*")):
        pytest.skip(f"elpa-{name} is not installed")


@pytest.mark.parametrize(("package", "client"), [("eglot", EGLOT), ("lsp-mode", LSP_MODE)])
def test_a_session(
    package: str, client: str, needs_tool: Callable[[str], str], tmp_path: Path
) -> None:
    emacs = needs_tool("emacs")
    _package(package)
    eglot, lsp_mode = set_ups("Emacs", "elisp")
    mode = eglot[: eglot.index("(with-eval-after-load")]
    set_up = eglot if package == "eglot" else mode + lsp_mode
    ours = f"(setq home {json.dumps(str(tmp_path))} default-directory home)\n"
    scripts = {
        "init.el": "(package-initialize)\n" + set_up,
        "session.el": ours + COMMON + client + "(session)\n",
    }
    loads = [word for name in scripts for word in ("-l", tmp_path / name)]
    seen = seen_by([emacs, "--batch", "-q", *loads], tmp_path, scripts)
    assert "problem" not in seen, seen
    assert not [what for what in seen if what.startswith("late")], seen
    assert len(seen["diagnostics"]) == 1
    assert "`job` has no field `neds`" in seen["diagnostics"][0]
    assert "timeout" in seen["completion"]
    assert "Greets somebody." in seen["hover"]
    assert seen["definition"] == "lib.nxa:2:8"
    assert "action hail(who: string) {" in seen["module"]
    assert seen["formatted"] == mended()
