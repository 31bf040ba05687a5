"""Answers one JSON question a line, about an AWS endpoint, with botocore."""

import base64
import http.server
import json
import sys
import threading
import time

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
SESSION = botocore.session.Session(profile=None)
CLIENTS = {}
KEYS = {}

# What AWS makes up anew each time and no deployment decides.
MADE_UP = {
    "ResponseMetadata", "CreateDate", "CreatedDate", "LastModified", "LastUpdatedDate", "RevisionId", "RoleId",
    "creationTime", "storedBytes", "RouteId", "RoleLastUsed", "DeploymentId", "LastDeploymentStatusMessage",
    "RuntimeVersionConfig", "ApiEndpoint", "SigningProfileVersionArn",
}


def client(account, service, endpoint=ENDPOINT):
    if (account, service, endpoint) not in CLIENTS:
        CLIENTS[account, service, endpoint] = SESSION.create_client(
            service,
            region_name="us-east-1",
            endpoint_url=endpoint,
            aws_access_key_id=account,
            aws_secret_access_key="witness",
            config=Config(
                retries={"total_max_attempts": 1}, read_timeout=20, parameter_validation=endpoint == ENDPOINT),
        )
    return CLIENTS[account, service, endpoint]


def pages(account, service, operation, key, **parameters):
    aws = client(account, service)
    if aws.can_paginate(operation):
        for page in aws.get_paginator(operation).paginate(**parameters):
            yield from page.get(key, [])
    else:
        yield from getattr(aws, operation)(**parameters).get(key, [])


def snapshot(account):
    iam, logs = client(account, "iam"), client(account, "logs")
    functions, gateway = client(account, "lambda"), client(account, "apigatewayv2")
    names = {}
    found = {"roles": {}, "log_groups": {}, "functions": {}, "apis": {}}

    for role in pages(account, "iam", "list_roles", "Roles"):
        name = role["RoleName"]
        role = iam.get_role(RoleName=name)["Role"]
        role["Inline"] = {
            policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in pages(account, "iam", "list_role_policies", "PolicyNames", RoleName=name)
        }
        role["Attached"] = list(
            pages(account, "iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name))
        role["Tags"] = tags(pages(account, "iam", "list_role_tags", "Tags", RoleName=name))
        found["roles"][name] = role

    for group in pages(account, "logs", "describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        group["Tags"] = logs.list_tags_log_group(logGroupName=name)["tags"]
        found["log_groups"][name] = group

    for function in pages(account, "lambda", "list_functions", "Functions"):
        name = function["FunctionName"]
        function = settled(functions, name)
        aliases = {
            alias["Name"]: alias
            for alias in pages(account, "lambda", "list_aliases", "Aliases", FunctionName=name)
        }
        versions = [
            version["Version"]
            for version in pages(account, "lambda", "list_versions_by_function", "Versions", FunctionName=name)
        ]
        found["functions"][name] = {
            "Configuration": function["Configuration"],
            "Concurrency": function.get("Concurrency"),
            "Tags": function.get("Tags", {}),
            "Aliases": aliases,
            "Versions": versions,
            "Policies": {
                qualifier or "": policy(functions, name, qualifier) for qualifier in [None, *aliases]
            },
        }

    for api in pages(account, "apigatewayv2", "get_apis", "Items"):
        of = api["ApiId"]
        names[of] = "<api of %s>" % api["Name"]
        arn = "arn:aws:apigateway:us-east-1::/apis/" + of
        # GetApi in MiniStack does not see tags that came later than the API.
        api["Tags"] = gateway.get_tags(ResourceArn=arn)["Tags"]
        integrations = list(pages(account, "apigatewayv2", "get_integrations", "Items", ApiId=of))
        for integration in integrations:
            names[integration["IntegrationId"]] = "<integration of %s>" % integration["IntegrationUri"]
        authorizers = list(pages(account, "apigatewayv2", "get_authorizers", "Items", ApiId=of))
        for authorizer in authorizers:
            names[authorizer["AuthorizerId"]] = "<authorizer %s>" % authorizer["Name"]
        routes = list(pages(account, "apigatewayv2", "get_routes", "Items", ApiId=of))
        stages = list(pages(account, "apigatewayv2", "get_stages", "Items", ApiId=of))
        for stage in stages:
            stage["Tags"] = {**stage.get("Tags", {}), **gateway.get_tags(
                ResourceArn="%s/stages/%s" % (arn, stage["StageName"]))["Tags"]}
        # Two APIs, or two routes, of one name must not hide behind each other: lists, not objects.
        found["apis"].setdefault(api["Name"], []).append({
            "Api": api,
            "Authorizers": sorted(authorizers, key=lambda authorizer: authorizer["Name"]),
            "Integrations": sorted(integrations, key=lambda integration: integration["IntegrationUri"]),
            "Routes": sorted(routes, key=lambda route: route["RouteKey"]),
            "Stages": sorted(stages, key=lambda stage: stage["StageName"]),
        })

    text = json.dumps(clean(found), sort_keys=True, default=str)
    for made_up, name in names.items():
        text = text.replace(made_up, name)
    return json.loads(text.replace(account, "<account>"))


def issuer():
    """Serves the keys of an issuer of tokens on loopback; gives where, and signs from then on."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = key.public_key().public_numbers()
    number = lambda value: encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))
    jwk = {"kty": "RSA", "kid": "1", "alg": "RS256", "n": number(numbers.n), "e": number(numbers.e)}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            where = "http://127.0.0.1:%d" % self.server.server_port
            found = {
                "/.well-known/openid-configuration": {"issuer": where, "jwks_uri": where + "/keys"},
                "/keys": {"keys": [jwk]},
            }.get(self.path)
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where = "http://127.0.0.1:%d" % server.server_port
    KEYS[where] = key
    return where


def token(by, claims):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, claims))
    signature = KEYS[by].sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return text + "." + encoded(signature)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def settled(functions, name):
    """The function once MiniStack has done with it, half a second after the last change."""
    while True:
        function = functions.get_function(FunctionName=name)
        configuration = function["Configuration"]
        if configuration["State"] != "Pending" and configuration.get("LastUpdateStatus") != "InProgress":
            return function
        time.sleep(0.05)


def tags(pairs):
    return {pair["Key"]: pair["Value"] for pair in pairs}


def policy(functions, name, qualifier):
    try:
        where = {"Qualifier": qualifier} if qualifier else {}
        return json.loads(functions.get_policy(FunctionName=name, **where)["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None


def clean(value):
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items() if key not in MADE_UP}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    return value


def models(services):
    def bare(value):
        if isinstance(value, dict):
            return {key: bare(inner) for key, inner in value.items() if key not in ("documentation", "examples")}
        if isinstance(value, list):
            return [bare(inner) for inner in value]
        return value

    loader = SESSION.get_component("data_loader")
    return {
        service: bare({
            key: part for key, part in loader.load_service_model(service, "service-2").items()
            if key in ("operations", "shapes", "metadata")
        })
        for service in services
    }


def answer(question):
    if question["do"] == "snapshot":
        return snapshot(question["account"])
    if question["do"] == "issuer":
        return issuer()
    if question["do"] == "token":
        return token(question["by"], question["claims"])
    if question["do"] == "models":
        return models(question["services"])
    if question["do"] == "try":
        try:
            return {"taken": call(question, question["endpoint"])}
        except ClientError as error:
            return {"code": error.response["Error"]["Code"]}
    return call(question, ENDPOINT)


def call(question, endpoint):
    input = question["input"]
    for key in ("Body", "Payload"):
        if key in input:
            input[key] = input[key].encode()
    if "ZipFile" in input.get("Code", {}):
        input["Code"]["ZipFile"] = base64.b64decode(input["Code"]["ZipFile"])
    result = getattr(client(question["account"], question["service"], endpoint), question["operation"])(**input)
    if "Payload" in result:
        result["Payload"] = result["Payload"].read().decode()
    result.pop("ResponseMetadata", None)
    return result


for line in sys.stdin:
    try:
        reply = {"answer": answer(json.loads(line))}
    except Exception as error:
        reply = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(reply, default=str), flush=True)
