"""The interface against requests made from its own description, in bounds and out of them."""

import shutil
import warnings
from collections import Counter

import pytest

pytest.importorskip("schemathesis")

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hinomi.web.app import create_app
from hinomi.web.processes import Processes
from hinomi.web.settings import Settings
from hinomi.web.whatif_lane import WhatIf

RUN = "small-run"
EXAMPLES = 3  # of each operation and kind
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUIET = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory, serving_of, made):
    """A server over one run, whose jobs start no process."""
    root = tmp_path_factory.mktemp("fuzz") / "results"
    shutil.copytree(made, root / RUN)

    async def nothing(self, *given, **named):
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Processes, "command", nothing)
        patch.setattr(WhatIf, "ask", nothing)
        app = create_app(Settings(workspace=root, static=root / "no-pages"))
        with serving_of(app) as asking:
            yield str(asking.base_url).rstrip("/"), app.openapi()


def test_the_description_names_every_route_and_how_it_can_fail(address):
    paths = address[1]["paths"]
    assert len(paths) >= 28
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]
            assert {"400", "404", "413", "422"} <= set(operation["responses"])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_breaks_it_and_every_answer_is_as_described(address, mode):
    base, description = address
    schema = schemathesis.openapi.from_dict(description)
    tried, statuses = 0, Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the fuzzer itself
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path.endswith("/events"):
                continue  # a stream; its bytes are tested with jobs

            @QUIET
            @given(case=operation.as_strategy(generation_mode=mode))
            def check(case):
                if mode is GenerationMode.POSITIVE and "/runs/{id}" in case.path:
                    case.path_parameters["id"] = RUN  # a name that is there, not only made-up ones
                answer = case.call(base_url=base, timeout=20)
                case.validate_response(answer, checks=CHECKS)
                statuses[answer.status_code] += 1

            try:
                check()
            except Exception as error:
                if "Unsatisfiable" in type(error).__name__:
                    continue  # no wrong request can be made of an operation without parameters
                raise
            tried += 1
    assert tried >= (20 if mode is GenerationMode.POSITIVE else 12)
    seen = {200, 404} if mode is GenerationMode.POSITIVE else {422}
    assert seen <= set(statuses), statuses
