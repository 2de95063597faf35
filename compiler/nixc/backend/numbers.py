"""Everything of a workflow that the script refers to by number."""

from __future__ import annotations

from nixc.backend.expressions import Expressions, References
from nixc.backend.places import action_directory
from nixc.backend.providers import Providers
from nixc.ir.model import Action, Executor, Job, Parallel, Step, Workflow


class Numbers:
    """The numbers of jobs, executors, matrices and distinct actions, in their order."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.jobs = {job.name: number for number, job in enumerate(workflow.jobs)}
        self.executors = {each.name: number for number, each in enumerate(workflow.executors)}
        #: Matrices by the name of the declared job.
        self.groups: dict[str, int] = {}
        #: Distinct actions by identity; the first one's name serves all.
        self.distinct: dict[str, Action] = {}
        for job in workflow.jobs:
            if job.matrix is not None:
                self.groups.setdefault(job.matrix.name, len(self.groups))
            for step in steps_of(job):
                self.distinct.setdefault(step.action.id, step.action)
        self.actions = {identity: number for number, identity in enumerate(self.distinct)}
        self.references = References()
        self.providers = Providers()

    def expressions(self, job: Job) -> Expressions:
        """The expressions of one job, which see what it needs."""
        needs = {need.name: tuple(self.jobs[name] for name in need.jobs) for need in job.needs}
        return Expressions(self.references, needs)

    def from_nix(self, job: Job) -> bool:
        """Whether the `deps` of a job come from `nix shell`."""
        executor = self.workflow.executors[self.executors[job.executor]]
        return takes_from_nix(executor)

    def deps(self, executor: Executor) -> list[str]:
        """What the steps of an executor's jobs need, each once, as `package:command`."""
        jobs = [job for job in self.workflow.jobs if job.executor == executor.name]
        found = {dep: None for job in jobs for step in steps_of(job) for dep in step.action.deps}
        return [f"{dep.package}:{dep.command}" for dep in found]

    def directory(self, step: Step) -> str:
        """The directory of a step's action in a bundle."""
        return action_directory(self.distinct[step.action.id])


def takes_from_nix(executor: Executor) -> bool:
    """Whether an executor has `packages = "nix"`."""
    return dict(executor.config).get("packages") == "nix"


def steps_of(job: Job) -> list[Step]:
    """A job's steps in order, those of its groups included."""
    steps: list[Step] = []
    for entry in job.steps:
        steps.extend(entry.steps if isinstance(entry, Parallel) else [entry])
    return steps
