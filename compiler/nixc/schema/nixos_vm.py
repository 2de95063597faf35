"""The executor kind `nixosVm`."""

from __future__ import annotations

from nixc.schema.executor_fields import COPY_REPO, NAME, ExecutorKind, mode
from nixc.schema.types import SOME, Block, DurationT, ExactlyOne, Field, Int, ListOf, Str

NIXOS_VM = ExecutorKind(
    Block(
        "nixosVm",
        "In a NixOS virtual machine that is built for the run.",
        (
            NAME,
            Field(
                "configuration",
                Str(SOME),
                "The path of a configuration, or its text.",
                example='configuration = "./vm.nix"',
            ),
            Field(
                "modules",
                ListOf(Str(SOME), minimum=1),
                "Paths of modules, or their texts.",
                example='modules = ["./vm.nix"]',
            ),
            Field("memory", Int(1), "Memory in MB.", default=4096, example="memory = 2048"),
            Field("cores", Int(1), "Processors.", default=2, example="cores = 4"),
            Field("diskSize", Int(1), "Disk in MB.", default=10240, example="diskSize = 20480"),
            mode(("dedicated", "shared"), "dedicated", "One machine per job, or one for all."),
            COPY_REPO,
            Field(
                "nixpkgs",
                Str(SOME),
                "A path or flake reference of nixpkgs.",
                example='nixpkgs = "github:NixOS/nixpkgs/nixos-24.11"',
            ),
            Field(
                "bootTimeout",
                DurationT(),
                "How long it may take to boot.",
                default=300_000,
                example="bootTimeout = 10m",
            ),
        ),
        constraints=(ExactlyOne(("configuration", "modules")),),
        example='executor = nixosVm { configuration = "./vm.nix" }',
    )
)
