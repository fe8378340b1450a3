"""Where it is served, under which names, and how long a child waits: what needs no process to be shown."""

import socket

import pytest

from tagsmith.config import hosts
from tagsmith.config.hosts import allowed_hosts, is_all_https
from tagsmith.config.serve.address import address_of, listen, reach
from tagsmith.config.serve.child import LONGEST, SHORTEST, STEADY, next_pause
from tagsmith.config.settings import Settings, load_settings
from tagsmith.errors import SettingsError


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    monkeypatch.setattr(hosts.socket, "gethostname", lambda: "atelier")
    monkeypatch.setattr("tagsmith.config.hosts.own_addresses", lambda: ["192.0.2.7"])
    monkeypatch.setattr("tagsmith.config.serve.address.own_addresses", lambda: ["192.0.2.7"])


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", ""),
        ("::1", ""),
        ("localhost", ""),
        ("192.0.2.7", " (reachable from the network)"),
        ("0.0.0.0", " and reachable from the network: http://192.0.2.7:8000"),
        ("::", " and reachable from the network: http://192.0.2.7:8000"),
    ],
)
def test_it_is_said_whether_others_can_reach_it(host, said):
    assert reach(host, 8000) == said


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_address_is_one_that_a_browser_takes(host, address):
    assert address_of(host, 8000) == address


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_all_addresses_are_those_of_both_versions():
    with listen("::", 0) as listener, socket.create_connection(("127.0.0.1", listener.getsockname()[1]), timeout=5):
        pass


@pytest.mark.parametrize(
    ("settings", "others"),
    [
        ({"host": "127.0.0.1"}, {"127.0.0.1"}),
        ({"host": "tags.example.org"}, {"tags.example.org"}),
        ({"host": "0.0.0.0"}, {"atelier", "atelier.local", "192.0.2.7"}),
        ({"host": "0.0.0.0", "allowed_hosts": ("tags.example.org",)}, {"tags.example.org"}),
    ],
)
def test_machine_is_reached_by_its_own_names_and_the_given_ones_alone(settings, others):
    assert set(allowed_hosts(Settings(**settings))) == {"localhost", "127.0.0.1", "[::1]"} | others


@pytest.mark.parametrize(
    ("origins", "secure"), [((), False), (("https://a.example",), True), (("https://a.example", "http://b"), False)]
)
def test_cookies_are_kept_from_http_only_where_nobody_comes_by_it(origins, secure):
    assert is_all_https(origins) is secure


@pytest.mark.req("O5a")
def test_lists_stand_between_commas_in_the_environment(monkeypatch):
    monkeypatch.setenv("TAGSMITH_ALLOWED_HOSTS", "a.example, b.example,")
    assert load_settings().allowed_hosts == ("a.example", "b.example")


@pytest.mark.req("O5a")
def test_origin_without_a_scheme_is_named(monkeypatch):
    monkeypatch.setenv("TAGSMITH_TRUSTED_ORIGINS", "tags.example.org")
    with pytest.raises(SettingsError, match=r"'tags\.example\.org' begins with neither http:// nor https://"):
        load_settings()


def test_child_that_ends_over_and_over_waits_longer_and_longer_up_to_a_limit():
    pauses = [0.0]
    while pauses[-1] < LONGEST:
        pauses.append(next_pause(pauses[-1], lived=1.0))
    assert pauses[1:5] == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST, 8 * SHORTEST]
    assert next_pause(LONGEST, lived=1.0) == LONGEST


def test_child_that_ends_once_after_a_good_while_is_back_at_once():
    assert next_pause(LONGEST, lived=STEADY + 1) == SHORTEST
