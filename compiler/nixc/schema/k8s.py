"""The executor kind `k8s`."""

from __future__ import annotations

from nixc.schema.executor_fields import (
    CONTAINER_ENV,
    COPY_REPO,
    EXTRA_PACKAGES,
    IMAGE,
    NAME,
    ExecutorKind,
    mode,
)
from nixc.schema.types import (
    DNS_LABEL,
    SOME,
    VARIABLE,
    Block,
    Bool,
    Choice,
    DurationT,
    Field,
    Free,
    Int,
    MapOf,
    Needed,
    ObjectOf,
    Str,
    Union,
)

_REGISTRY = Block(
    "registry",
    "Where the image is pushed to.",
    (
        Field(
            "url",
            Str(SOME),
            "The registry with its path.",
            required=True,
            example='url = "ghcr.io/acme"',
        ),
        Field(
            "usernameEnv",
            Str(VARIABLE),
            "The variable that holds the user's name.",
            example='usernameEnv = "REGISTRY_USER"',
        ),
        Field(
            "passwordEnv",
            Str(VARIABLE),
            "The variable that holds the password or token.",
            example='passwordEnv = "REGISTRY_PASSWORD"',
        ),
    ),
    example='registry = { url = "ghcr.io/acme", usernameEnv = "USER", passwordEnv = "TOKEN" }',
)

_QUANTITIES = MapOf(Union((Str(SOME), Int())), "a resource")

_K8S_RESOURCES = Block(
    "resources",
    "What the pod asks for and what it may use.",
    (
        Field("requests", _QUANTITIES, "What is set aside.", example='requests = { cpu = "500m" }'),
        Field("limits", _QUANTITIES, "The upper bounds.", example='limits = { memory = "4Gi" }'),
    ),
    example='resources = { requests = { cpu = "500m" }, limits = { memory = "4Gi" } }',
)


def _texts(name: str, doc: str, example: str) -> Field:
    return Field(name, MapOf(Str(), "a key"), doc, default=(), example=f"{name} = {example}")


K8S = ExecutorKind(
    Block(
        "k8s",
        "In a pod of a Kubernetes cluster.",
        (
            NAME,
            Field(
                "namespace",
                Str(DNS_LABEL),
                "The namespace of the pods.",
                required=True,
                example='namespace = "ci"',
            ),
            Field(
                "registry",
                ObjectOf(_REGISTRY),
                "Where the image is pushed to; not needed with `push = false`.",
                example=_REGISTRY.example,
            ),
            mode(("shared", "dedicated"), "shared", "One pod for all jobs, or one per job."),
            COPY_REPO,
            EXTRA_PACKAGES,
            CONTAINER_ENV,
            Field(
                "kubeconfigEnv",
                Str(VARIABLE),
                "The variable that holds the path of the kubeconfig.",
                nullable=True,
                example='kubeconfigEnv = "KUBECONFIG"',
            ),
            Field(
                "contextEnv",
                Str(VARIABLE),
                "The variable that holds the context's name.",
                nullable=True,
                example='contextEnv = "KUBE_CONTEXT"',
            ),
            Field(
                "serviceAccount",
                Str(SOME),
                "The pod's service account.",
                nullable=True,
                example='serviceAccount = "ci"',
            ),
            _texts("nodeSelector", "Labels of the nodes to run on.", '{ disk = "ssd" }'),
            Field(
                "resources",
                ObjectOf(_K8S_RESOURCES),
                _K8S_RESOURCES.doc,
                example=_K8S_RESOURCES.example,
            ),
            _texts("labels", "Labels of the pod.", '{ team = "web" }'),
            _texts("annotations", "Annotations of the pod.", '{ owner = "web" }'),
            Field(
                "podReadyTimeout",
                DurationT(),
                "How long a pod may take to become ready.",
                default=300_000,
                example="podReadyTimeout = 10m",
            ),
            IMAGE,
            Field(
                "imagePullPolicy",
                Choice(("Always", "IfNotPresent", "Never")),
                "When the cluster pulls the image.",
                example='imagePullPolicy = "IfNotPresent"',
            ),
            Field(
                "push",
                Bool(),
                "Whether an image is built and pushed; if not, `image` is used as it is.",
                default=True,
                example="push = false",
            ),
            Field(
                "podTemplate",
                MapOf(Free(), "a key"),
                "An object that is merged into the pod.",
                default=(),
                example="podTemplate = { spec = { hostNetwork = true } }",
            ),
        ),
        constraints=(Needed("registry", "push", (True,)),),
        example='executor = k8s { namespace = "ci", push = false, image = "debian:12" }',
    )
)
