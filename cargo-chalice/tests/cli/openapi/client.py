"""Calls the API through the client that was generated from its document, and looks at the types of what comes back.

Called with the folder of the client and the API's URL."""

import sys

folder, url = sys.argv[1:]
sys.path.insert(0, folder)

from client import Client
from client.api.bodies import bytes_, unknown
from client.api.default import read_file
from client.api.todos import change_todo_put, create_todo, forget_todo, list_todos, show_todo
from client.models import Error, Kind, NewTodo, Todo
from client.types import File
from io import BytesIO

api = Client(base_url=url)


def check(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


made = create_todo.sync(client=api, body=NewTodo(title="tea", kind=Kind.HOME))
check(made, Todo(id=7, title="tea", kind=Kind.HOME, due_date=None, before=[]))

taken = create_todo.sync_detailed(client=api, body=NewTodo(title="taken", kind=Kind.WORK))
check(taken.status_code, 409)
check(taken.parsed, Error(code="Taken", message="AlreadyThere"))

check(show_todo.sync(7, client=api).kind, Kind.WORK)
check(show_todo.sync(1, client=api).code, "NoSuchTodo")
check(show_todo.sync_detailed(8, client=api).status_code, 503)

[found] = list_todos.sync(client=api, limit=3, kind=Kind.WORK, word=["a b", "c&d"])
check((found.title, found.kind), ("a b and c&d of at most 3", Kind.WORK))

changed = change_todo_put.sync(9, client=api, body=NewTodo(title="later", kind=Kind.HOME))
check((changed.id, changed.title), (9, "later"))
check(change_todo_put.sync_detailed(9, client=api).status_code, 404)
check(forget_todo.sync_detailed(9, client=api).status_code, 204)

check(bytes_.sync(client=api, body=File(payload=BytesIO(b"\x00\xff"))).payload.read(), b"\x00\xff")
check(unknown.sync(client=api, body={"sides": 3}), {"sides": 3})
check(read_file.sync("one", client=api), "one")
page = api.get_httpx_client().get("/docs")
check(page.headers["content-type"], "text/html; charset=utf-8")
for text in ["Lists what is to be done.", 'href="docs/openapi.json"', 'id="type-Todo"', "Where it is done."]:
    assert text in page.text, f"{text} is not in {page.text}"
for foreign in ["<script", "http://", "https://", "<link", "<img"]:
    assert foreign not in page.text, f"{foreign} is in {page.text}"
document = api.get_httpx_client().get("/docs/openapi.json").json()
check(sorted(path for path in document["paths"] if path.startswith("/docs")), [])
check(document["paths"]["/todos"]["get"]["operationId"], "list_todos")
print("typed")
