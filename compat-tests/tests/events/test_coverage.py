"""Nothing is left out: every operation of the service is called by a test of this folder."""

import pathlib
import re

import botocore

FOLDER = pathlib.Path(__file__).parent
SUPPORT = FOLDER.parents[1] / "support" / "events_world.py"


def test_every_operation_is_called(events):
    told = "".join(file.read_text() for file in [*FOLDER.glob("test_*.py"), SUPPORT])
    called = set(re.findall(r"\.events\.([a-z_]+)\b", told)) | set(re.findall(r'"((?:[a-z]+_)+[a-z]+)"', told))
    operations = {botocore.xform_name(name) for name in events.events.meta.service_model.operation_names}
    assert len(operations) == 57
    assert operations - called == set()
