"""The codes of what lowering finds; :mod:`nixc.lower.pages` has what each means."""

from __future__ import annotations

# --- names ---------------------------------------------------------------------------

UNKNOWN_NAME = "NX201"
DUPLICATE_NAME = "NX202"
UNKNOWN_FIELD = "NX203"
REPEATED_FIELD = "NX204"
RESERVED_NAME = "NX205"
UNKNOWN_JOB = "NX206"
UNKNOWN_AXIS = "NX207"
UNKNOWN_INPUT = "NX208"
UNKNOWN_ARGUMENT = "NX209"
MISSING_ARGUMENT = "NX210"
REPEATED_ARGUMENT = "NX211"
IMPORT_FAILED = "NX212"
CIRCULAR_IMPORT = "NX213"
COLLISION = "NX214"
MISPLACED = "NX215"
BAD_NAME = "NX216"
CIRCULAR_LET = "NX217"
WRONG_SORT = "NX218"
UNKNOWN_FUNCTION = "NX219"
UNKNOWN_KIND = "NX220"

# --- types ---------------------------------------------------------------------------

WRONG_TYPE = "NX301"
BAD_DURATION = "NX302"
UNKNOWN_VALUE = "NX303"
OUT_OF_RANGE = "NX304"
MISSING_FIELD = "NX305"
RUNTIME_VALUE = "NX306"
QUOTED_CONDITION = "NX307"
NO_CONDITION = "NX308"
BAD_MATRIX = "NX309"
BAD_PATH = "NX310"
NO_SUCH_RESULT = "NX311"
BAD_FORM = "NX312"
ALWAYS_SET = "NX313"
BAD_DEFAULT = "NX314"

# --- graph ---------------------------------------------------------------------------

SELF_NEED = "NX402"
NOT_NEEDED = "NX406"
CIRCLE = "NX401"

# --- executors -----------------------------------------------------------------------

TWO_CONFIGURATIONS = "NX501"
OTHER_KIND = "NX502"
MODE_NEEDS = "NX503"
MODE_FORBIDS = "NX504"

# --- smells --------------------------------------------------------------------------

LONG_STEP = "NX703"
SINGLE_ATTEMPT = "NX704"
UNPINNED_IMAGE = "NX705"
SETS_CI = "NX710"
SHELL_LOOKS_LIKE_VALUE = "NX711"
