"""A webhook's call: to public machines alone, to the one that was looked at, by its name, and over soon."""

import socket
import time
from ipaddress import ip_network

import pytest

from alerts.hooks import calling
from alerts.hooks.calling import CallError, may_be_reached, place_of, post
from tests.alerts.hooks.receiver import certificate, receiving, silent

HERE = [ip_network("127.0.0.0/8")]
NAME = "hooks.msp.example"


@pytest.fixture
def looked_up(monkeypatch):
    """What every name is looked up to; how often, is counted."""
    looks = []

    def answer(*machines):
        def look(host, port, **_):
            looks.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in machines]

        monkeypatch.setattr(calling, "getaddrinfo", look)
        return looks

    return answer


def call(port, allowed=HERE, scheme="http", host=NAME):
    return post(place_of(f"{scheme}://{host}:{port}/in?x=1", allowed), b'{"a": 1}', {"X-Ours": "1"}, allowed)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_no_machine_of_the_house_is_reached_in_any_spelling(address):
    assert not may_be_reached(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_a_public_machine_is_reached(address):
    assert may_be_reached(address)


def test_own_networks_are_reached_where_the_installation_allows_them():
    assert may_be_reached("10.1.2.3", [ip_network("10.0.0.0/8")])
    assert not may_be_reached("10.1.2.3", [ip_network("192.168.0.0/16")])


@pytest.mark.parametrize(
    "address",
    [
        "", "x", "http://msp.example/", "ftp://msp.example/", "https://", "https:///x", "https://u:p@msp.example/",
        "https://u@msp.example/", "https://msp.example:0/", "https://msp.example:99999/", "https://[::1/",
        "https://msp.example/a b", "https://msp.example/\r\nHost: x", "https://mül.example/", "https://x/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_address_for_a_webhook_is_refused(address):
    with pytest.raises(CallError):
        place_of(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[fe80::1%25eth0]", "localhost", "a.localhost."],
)
def test_an_address_that_can_only_be_the_houses_own_is_refused_as_it_is_typed(host):
    with pytest.raises(CallError, match="isn’t on the public internet"):
        place_of(f"https://{host}/hook")
    place_of(f"https://{host}/hook", [ip_network("0.0.0.0/0"), ip_network("::/0")])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]"])
def test_a_house_of_our_own_is_not_called_however_it_is_written(host):
    with receiving() as receiver:
        with pytest.raises(CallError, match=r"public internet|can’t be found"):
            post(place_of(f"https://{host}:{receiver.port}/"), b"{}", {})
        assert receiver.asked == []


def test_a_name_with_one_public_and_one_private_machine_is_not_called(looked_up):
    looked_up("93.184.216.34", "127.0.0.1")
    with pytest.raises(CallError, match="public internet"):
        post(place_of(f"https://{NAME}/"), b"{}", {})


def test_the_machine_that_was_looked_at_is_the_one_that_is_called(looked_up):
    """A name that answers otherwise the second time gains nothing: there is no second time."""
    looks = looked_up("127.0.0.1")
    with receiving() as receiver:
        assert call(receiver.port) == 200
    assert looks == [NAME]
    path, headers, body = receiver.asked[0]
    assert (path, body) == ("/in?x=1", b'{"a": 1}')
    assert (headers["Host"], headers["X-Ours"]) == (f"{NAME}:{receiver.port}", "1")


def test_a_redirect_is_an_answer_and_is_not_followed(looked_up):
    looked_up("127.0.0.1")
    with receiving() as other:
        to = {"Location": f"http://127.0.0.1:{other.port}/"}
        with receiving(status=302, headers=to) as receiver:
            assert call(receiver.port) == 302
        assert other.asked == []


@pytest.mark.parametrize("answer", [{"body": b"x" * 5_000_000}, {"goes_on": True}])
def test_of_an_answer_no_more_is_read_than_its_head(looked_up, monkeypatch, answer):
    monkeypatch.setattr(calling, "MOST_SECONDS", 2.0)
    looked_up("127.0.0.1")
    with receiving(**answer) as receiver:
        assert call(receiver.port) == 200


def test_an_answer_that_drips_is_cut_when_the_time_is_over(looked_up, monkeypatch):
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.6)
    looked_up("127.0.0.1")
    with receiving(drips=0.05) as receiver, pytest.raises(CallError, match="complete answer within"):
        call(receiver.port)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_never_says_a_word_is_let_go(looked_up, monkeypatch, scheme):
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.4)
    looked_up("127.0.0.1")
    with silent() as port, pytest.raises(CallError):
        call(port, scheme=scheme)


def test_a_name_that_is_looked_up_for_ever_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.2)
    monkeypatch.setattr(calling, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    with pytest.raises(CallError, match="can’t be found"):
        call(443)


def test_nobody_there_is_said_without_the_address(looked_up):
    looked_up("127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(CallError) as told:
        call(port)
    assert "in?x=1" not in str(told.value)


def test_tls_goes_by_the_name_and_is_verified(looked_up, monkeypatch, tmp_path):
    looked_up("127.0.0.1")
    right, wrong = (
        certificate(tmp_path / "right.pem", NAME),
        certificate(tmp_path / "wrong.pem", "other.example"),
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(right))
    with receiving(tls=right) as receiver:
        assert call(receiver.port, scheme="https") == 200
        assert receiver.names == [NAME]
    with receiving(tls=wrong) as receiver, pytest.raises(CallError, match="secure connection"):
        call(receiver.port, scheme="https")
    monkeypatch.setenv("SSL_CERT_FILE", str(wrong))
    with receiving(tls=wrong) as receiver, pytest.raises(CallError, match="secure connection"):
        call(receiver.port, scheme="https")
    with receiving(tls=right) as receiver, pytest.raises(CallError, match="secure connection"):
        call(receiver.port, scheme="https")
