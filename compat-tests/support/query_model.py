"""A botocore that speaks SQS in query/XML.

botocore dropped that protocol in 1.31.81, but older SDKs and CLIs in the field still speak it. Its serializer and
parser for query services are still there, so the present model is loaded and given the protocol and the wire names
back. Both protocols are thus tested by the same client code.
"""

from __future__ import annotations

import copy

import botocore.loaders

# Shape -> member -> name on the query wire. `member`, `key` and `value` are those of lists and maps.
NAMES = {
    "AWSAccountIdList": {"member": "AWSAccountId"},
    "ActionNameList": {"member": "ActionName"},
    "AttributeNameList": {"member": "AttributeName"},
    "BatchResultErrorEntryList": {"member": "BatchResultErrorEntry"},
    "ChangeMessageVisibilityBatchRequestEntryList": {"member": "ChangeMessageVisibilityBatchRequestEntry"},
    "ChangeMessageVisibilityBatchResultEntryList": {"member": "ChangeMessageVisibilityBatchResultEntry"},
    "DeleteMessageBatchRequestEntryList": {"member": "DeleteMessageBatchRequestEntry"},
    "DeleteMessageBatchResultEntryList": {"member": "DeleteMessageBatchResultEntry"},
    "ListMessageMoveTasksResultEntryList": {"member": "ListMessageMoveTasksResultEntry"},
    "MessageAttributeNameList": {"member": "MessageAttributeName"},
    "MessageList": {"member": "Message"},
    "QueueUrlList": {"member": "QueueUrl"},
    "SendMessageBatchRequestEntryList": {"member": "SendMessageBatchRequestEntry"},
    "SendMessageBatchResultEntryList": {"member": "SendMessageBatchResultEntry"},
    "TagKeyList": {"member": "TagKey"},
    "MessageBodyAttributeMap": {"key": "Name", "value": "Value"},
    "MessageBodySystemAttributeMap": {"key": "Name", "value": "Value"},
    "MessageSystemAttributeMap": {"key": "Name", "value": "Value"},
    "QueueAttributeMap": {"key": "Name", "value": "Value"},
    "TagMap": {"key": "Key", "value": "Value"},
}
# Maps lose their plural on the query wire, wherever a structure holds one.
MAP_MEMBERS = {
    "QueueAttributeMap": "Attribute",
    "MessageSystemAttributeMap": "Attribute",
    "MessageBodyAttributeMap": "MessageAttribute",
    "MessageBodySystemAttributeMap": "MessageSystemAttribute",
    "TagMap": "Tag",
}


def as_query(model: dict) -> dict:
    model = copy.deepcopy(model)
    metadata = model["metadata"]
    for json_only in ("awsQueryCompatible", "jsonVersion", "targetPrefix"):
        metadata.pop(json_only, None)
    metadata.update(
        protocol="query", protocols=["query"], xmlNamespace="http://queue.amazonaws.com/doc/2012-11-05/"
    )
    for shape_name, names in NAMES.items():
        shape = model["shapes"][shape_name]
        shape["flattened"] = True
        for part, wire_name in names.items():
            shape[part]["locationName"] = wire_name
    for shape in model["shapes"].values():
        for member in shape.get("members", {}).values():
            if member["shape"] in MAP_MEMBERS:
                member["locationName"] = MAP_MEMBERS[member["shape"]]
    for name, operation in model["operations"].items():
        if "output" in operation:
            operation["output"]["resultWrapper"] = f"{name}Result"
    return model


class QueryLoader(botocore.loaders.Loader):
    def load_service_model(self, service_name, type_name, api_version=None):
        model = super().load_service_model(service_name, type_name, api_version)
        if service_name == "sqs" and type_name == "service-2":
            return as_query(model)
        return model
