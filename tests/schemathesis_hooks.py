"""What the tester of the description must not do: revoke the key that it asks with. From then on all would be 401."""

import os

import schemathesis

OWN_KEY = os.environ.get("REELHOUSE_TESTER_KEY_ID", "")
NOBODY = "01976e3c-9f00-7abc-8000-000000000000"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict) -> None:
    """Sends the revocation of the tester's own key to a key that is not there."""
    if case.operation.path == "/keys/{id}/revoke" and str(case.path_parameters.get("id")).lower() == OWN_KEY:
        case.path_parameters["id"] = NOBODY
