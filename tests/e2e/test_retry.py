"""Retries: how many, which delays, what a failed attempt leaves."""

from __future__ import annotations

import pytest

from tests.e2e.runs import Flow


@pytest.mark.parametrize(
    ("backoff", "delays"),
    [
        ("exponential", [10, 20, 40, 50, 50]),
        ("linear", [10, 20, 30, 40, 50]),
        ("constant", [10, 10, 10, 10, 10]),
    ],
)
def test_backoff(flow: Flow, backoff: str, delays: list[int]) -> None:
    run = flow(
        f"""
        workflow w {{
          job j {{
            step "s" {{
              retry = {{ maxAttempts = 6, backoff = "{backoff}", minTime = 10ms, maxTime = 50ms }}
              run   = "exit $((ATTEMPT + 10))"
            }}
          }}
        }}
        """
    )
    retries = run.of("step_retry", "j", "s")
    assert [each["delay_ms"] for each in retries] == delays
    assert [each["attempt"] for each in retries] == [1, 2, 3, 4, 5]
    assert [each["exit_code"] for each in retries] == [11, 12, 13, 14, 15]
    assert {each["max_attempts"] for each in retries} == {6}
    assert [each["attempt"] for each in run.of("step_start", "j", "s")] == [1, 2, 3, 4, 5, 6]
    (end,) = run.of("step_end", "j", "s")
    assert (end["status"], end["attempt"], end["exit_code"]) == ("failure", 6, 16)
    assert run.status == 1


def test_the_first_delay_is_bounded_too(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          job j {
            step "s" {
              retry = { maxAttempts = 2, backoff = "constant", minTime = 1h, maxTime = 20ms }
              run   = "exit $((2 - ATTEMPT))"
            }
          }
        }
        """
    )
    assert [each["delay_ms"] for each in run.of("step_retry")] == [20]
    assert run.status == 0


def test_levels_replace_the_whole(flow: Flow) -> None:
    run = flow(
        """
        workflow w {
          retry = { maxAttempts = 2, backoff = "constant", minTime = 5ms }
          job workflow-level {
            step "s" { run = "exit 1" }
          }
          job job-level {
            retry = { maxAttempts = 3, minTime = 1ms, maxTime = 1ms }
            step "s" { run = "exit 1" }
            step "off" {
              condition = always()
              retry     = null
              run       = "exit 1"
            }
            step "own" {
              condition = always()
              retry     = { maxAttempts = 4, minTime = 2ms, maxTime = 2ms }
              run       = "exit 1"
            }
          }
          job null-level {
            retry = null
            step "s" { run = "exit 1" }
          }
        }
        """
    )

    def delays(job: str, step: str) -> list[int]:
        return [each["delay_ms"] for each in run.of("step_retry", job, step)]

    assert delays("workflow-level", "s") == [5]
    assert delays("job-level", "s") == [1, 1]
    assert delays("job-level", "off") == []
    assert delays("job-level", "own") == [2, 2, 2]
    assert delays("null-level", "s") == []


def test_it_ends_with_the_first_success(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            retry = { maxAttempts = 5, minTime = 1ms, maxTime = 1ms }
            step "s" { run = "echo \"attempt $ATTEMPT\"; [ \"$ATTEMPT\" = 3 ]" }
            step "t" { run = "echo \"attempt $ATTEMPT\"" }
          }
        }
        """
    )
    assert run.status == 0
    assert run.output("j", "s") == ["attempt 1", "attempt 2", "attempt 3"]
    assert run.output("j", "t") == ["attempt 1"]
    assert run.of("step_end", "j", "s")[0]["attempt"] == 3


def test_what_a_failed_attempt_wrote_to_job_env_is_dropped(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            retry = { maxAttempts = 3, minTime = 1ms, maxTime = 1ms }
            run """
        + '"""'
        + r"""
              echo "FROM_$ATTEMPT=1" >> "$JOB_ENV"
              [ "$ATTEMPT" = 3 ]
            """
        + '"""'
        + r"""
            step "show" { run = "echo \"${FROM_1-none} ${FROM_2-none} ${FROM_3-none}\"" }
          }
        }
        """
    )
    assert run.output("j", "show") == ["none none 1"]


def test_a_timeout_bounds_each_attempt(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            retry = { maxAttempts = 2, minTime = 1ms, maxTime = 1ms }
            step "s" {
              timeout = 200ms
              run     = "[ \"$ATTEMPT\" = 2 ] || exec sleep 30"
            }
          }
        }
        """
    )
    (retry,) = run.of("step_retry", "j", "s")
    assert (retry["status"], retry["exit_code"]) == ("timeout", 124)
    assert run.steps("j") == {"s": "success"}


def test_a_bad_line_in_job_env_is_tried_again(flow: Flow) -> None:
    run = flow(
        r"""
        workflow w {
          job j {
            retry = { maxAttempts = 2, minTime = 1ms, maxTime = 1ms }
            step "s" { run = "[ \"$ATTEMPT\" = 2 ] || echo nonsense >> \"$JOB_ENV\"" }
          }
        }
        """
    )
    (retry,) = run.of("step_retry", "j", "s")
    assert "nonsense" in retry["reason"]
    assert run.status == 0
    assert "reason" not in run.of("step_end", "j", "s")[0]
