"""The set-up of docs/editors.md for Neovim, as it stands there, in a real Neovim."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.editors.session import mended, seen_by, set_ups

#: What a person does, by Neovim's own functions; what the editor then has is written as JSON.
SESSION = """
local seen = {}
local function until_true(what, ready)
  if not vim.wait(30000, ready, 20) then seen.late = (seen.late or "") .. what .. "; " end
end
local function at(line, word)
  local text = vim.fn.getline(line)
  vim.fn.cursor(line, text:find(word, 1, true))
end
local function whole() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local function place()
  return vim.fn.expand("%:t") .. ":" .. vim.fn.line(".") .. ":" .. vim.fn.col(".")
end
local function steps()
  vim.cmd("edit flow.nxa")
  until_true("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
  seen.diagnostics = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(seen.diagnostics, one.code .. " " .. one.lnum)
  end

  at(4, "neds")
  vim.cmd("normal! cwneeds")
  until_true("no diagnostics", function() return #vim.diagnostic.get(0) == 0 end)
  seen.left = #vim.diagnostic.get(0)

  vim.fn.cursor(4, 12)
  vim.bo.omnifunc = "v:lua.vim.lsp.omnifunc"
  vim.cmd("normal! o    tim")
  local params = vim.lsp.util.make_position_params()
  params.position.character = 7
  local offered = vim.lsp.buf_request_sync(0, "textDocument/completion", params, 30000)
  seen.completion = {}
  for _, answer in pairs(offered or {}) do
    for _, item in ipairs(vim.lsp.util.text_document_completion_list_to_complete_items(
        answer.result, "tim")) do
      table.insert(seen.completion, item.word)
    end
  end
  vim.cmd("normal! dd")

  at(5, "greet")
  vim.lsp.buf.hover()
  local function floating()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then return window end
    end
  end
  until_true("hover", floating)
  local window = floating()
  if window then
    local buffer = vim.api.nvim_win_get_buf(window)
    seen.hover = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\\n")
    vim.api.nvim_win_close(window, true)
  end

  vim.bo.modified = false
  vim.cmd("write")
  vim.lsp.buf.definition()
  until_true("definition", function() return vim.fn.expand("%:t") == "lib.nxa" end)
  seen.definition = place()

  vim.lsp.buf.rename("hail")
  until_true("rename", function() return whole()[2]:find("hail", 1, true) end)
  vim.cmd("wall")
  seen.module = whole()
  vim.cmd("edit flow.nxa")
  seen.renamed = vim.fn.getline(5)

  vim.lsp.buf.formatting_sync(nil, 30000)
  seen.formatted = whole()

  until_true("no diagnostics at the end", function() return #vim.diagnostic.get(0) == 0 end)
end
local fine, problem = pcall(steps)
if not fine then seen.problem = tostring(problem) end
vim.fn.writefile({ vim.json.encode(seen) }, "seen.json")
vim.cmd("qall!")
"""


@pytest.fixture
def seen(needs_tool: Callable[[str], str], tmp_path: Path) -> dict[str, Any]:
    """What a session in Neovim saw."""
    command = [needs_tool("nvim"), "--headless", "-u", "init.lua", "-i", "NONE", "-n"]
    scripts = {"init.lua": set_ups("Neovim", "lua")[0], "session.lua": SESSION}
    return seen_by([*command, "-c", "luafile session.lua"], tmp_path, scripts)


def test_a_session(seen: dict[str, Any]) -> None:
    assert "problem" not in seen, seen
    assert "late" not in seen, seen
    assert seen["diagnostics"] == ["NX203 3"]
    assert seen["left"] == 0
    assert "timeout" in seen["completion"]
    assert "Greets somebody." in seen["hover"]
    assert seen["definition"] == "lib.nxa:2:8"
    assert seen["module"][1] == "action hail(who: string) {"
    assert seen["renamed"].strip() == 'use lib.hail(who = "all")'
    assert "\n".join(seen["formatted"]) + "\n" == mended()
