"""boto3 clients over each protocol. The access key chooses the account, so it is what isolates a test."""

from __future__ import annotations

import functools

import boto3
import botocore.config
import botocore.loaders
import botocore.session

from support.query_model import QueryLoader

# No retries: a server error must be seen, not papered over. No validation in the client: whether a parameter is
# missing or out of range is the server's to say.
CONFIG = botocore.config.Config(
    retries={"max_attempts": 0}, parameter_validation=False, connect_timeout=5, read_timeout=60,
    max_pool_connections=50,
)


@functools.cache
def _session(protocol: str) -> boto3.Session:
    core = botocore.session.Session()
    loader = QueryLoader() if protocol == "query" else botocore.loaders.Loader()
    core.register_component("data_loader", loader)
    return boto3.Session(botocore_session=core)


def client(service: str, endpoint: str, account: str, protocol: str = "json", region: str = "us-east-1"):
    return _session(protocol).client(
        service, endpoint_url=endpoint, region_name=region, config=CONFIG,
        aws_access_key_id=account, aws_secret_access_key="secret",
    )
