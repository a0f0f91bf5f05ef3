"""The rules of the leak check one by one: what each flags, and what it leaves alone."""

from dataclasses import replace

import pytest

from leaks import LeakContext, find_leaks
from tests.leaks.asking import CONTEXT, hits, kinds

# Technicians


@pytest.mark.parametrize(
    "text",
    [
        "RCA w/ Marcus",
        "Done by Marcus Webb.",
        "Assigned to Webb, Marcus",
        "priya checked the connector",
        "started by mwebb",
        "see m.webb for the config",
        "PN: rebooted the switch",
        "Mueller on site",
        "Jörg Müller on site",
    ],
)
def test_a_technician_is_found_in_every_form_of_the_name(text: str) -> None:
    assert kinds(text) == {"technician"}


@pytest.mark.parametrize(
    "text", ["Met Will on site.", "Will called the vendor.", "thx will", "With May, cabled room 2."]
)
def test_a_name_that_is_a_word_counts_where_the_sentence_speaks_of_a_person(text: str) -> None:
    assert kinds(text) == {"technician"}


@pytest.mark.parametrize(
    "text",
    [
        "Will follow up on Monday.",
        "The server will restart.",
        "WILL CALL AGAIN TOMORROW",
        "Updates in May 2026.",
        "Grace period ends in June.",
        "Page 2 prints again.",
        "Reset Password Will Follow Shortly Today",
    ],
)
def test_a_name_that_is_a_word_does_not_count_as_a_word(text: str) -> None:
    assert hits(text) == []


def test_a_technician_called_help_desk_is_no_person() -> None:
    assert (
        hits(
            "Help desk number printed.",
            LeakContext(technicians=frozenset({"Help Desk", "admin", "API User"})),
        )
        == []
    )


def test_a_mail_address_of_a_member_gives_the_login_away() -> None:
    assert hits("Reviewed by dana.", LeakContext(technicians=frozenset({"dana@northwind.example"}))) == [
        ("technician", "dana")
    ]


def test_a_nickname_is_known() -> None:
    assert hits(
        "Met Bill and Liz.", LeakContext(technicians=frozenset({"William Crane", "Elizabeth Orr"}))
    ) == [
        ("technician", "Bill"),
        ("technician", "Liz"),
    ]


# Clients


@pytest.mark.parametrize(
    "text",
    ["Same as Birch and Lowe.", "Config of B&L", "Came from Cobalt", "drove to Summit first", "zentrix too"],
)
def test_another_client_is_found_by_its_name_and_its_short_forms(text: str) -> None:
    assert kinds(text) == {"client"}


@pytest.mark.parametrize("text", ["Reached the summit.", "Edge browser reset.", "Cobalt blue theme set."])
def test_another_clients_name_that_is_a_word_does_not_count_as_a_word(text: str) -> None:
    assert hits(text) == []


def test_the_clients_own_name_is_no_leak_even_where_another_clients_name_is_part_of_it() -> None:
    context = replace(
        CONTEXT, this_client="Summit Marcus Dental", other_clients=frozenset({"Summit", "Dental Group"})
    )
    assert hits("Travel to Summit Marcus Dental at Summit.", context) == []


# Machines and addresses


@pytest.mark.parametrize(
    "name",
    [
        "edge01", "SRV-DC01", "LT-014", "DESKTOP-4F7K2L", "dc1", "srv-sql-02", "LVG-PRN-07", "P-118",
        "mailgw1",
        "fw1.acme.local", "vpn.acmedental.example", "BKP-SRV", "vm-print", "ordersrv",
    ],
)  # fmt: skip
def test_a_host_name_is_known_by_its_build(name: str) -> None:
    assert hits(f"Restarted {name}, all good.") == [("host", name)]


@pytest.mark.parametrize(
    "text",
    [
        "Office 365, M365 and Win11", "COVID-19 notice", "A4 and DIN-A4", "Q3 and FY-26", "VLAN 20",
        "room2 and dock3",
        "SQL2019 to SQL Server 2022", "ISO-27001", "KB5034441", "CVE-2026-1234", "USB-C and Wi-Fi 6E",
        "RAID-10", "24H2",
        "Epson TM-T20", "Brother MFC-L2710DW", "i5-12500", "PO-4711", "FW-Update", "24-port switch",
        "iPhone14",
        "www.acmedental.example", "portal.office.com", "e.g. here, i.e. there", "3-node cluster",
        "Version 2.1",
    ],
)  # fmt: skip
def test_products_standards_and_places_are_no_host_names(text: str) -> None:
    assert hits(text) == []


def test_a_server_is_known_by_the_words_around_its_name() -> None:
    assert hits("Rebooted server athena; hostname: kilo") == [("host", "athena"), ("host", "kilo")]


def test_a_serial_number_needs_a_cue() -> None:
    assert hits("S/N 5CG1234XYZ replaced") == [("host", "S/N 5CG1234XYZ")]
    assert hits("Serial cable replaced, asset list updated.") == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.2.4", "192.168.1.x", "172.16.0.0/12", "192.0.2.7:8443", "10[.]1[.]4[.]9", "2001:db8:4::17",
        "fe80::1:2",
        "2001:db8::/32",
    ],
)  # fmt: skip
def test_an_ip_address_is_found_with_mask_and_port(address: str) -> None:
    assert hits(f"Set to {address} today") == [("ip", address)]


@pytest.mark.parametrize(
    "text",
    [
        "Version 10.0.2",
        "firmware 7.2.4.1",
        "from v9.1.0.3 to v9.2.0.1",
        "build 10.0.19045.3803",
        "at 9:30:15",
    ],
)
def test_a_version_or_a_time_is_no_ip_address(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize(
    "address", ["00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e", "001A2B3C4D5E"]
)
def test_a_hardware_address_is_found_in_every_notation(address: str) -> None:
    assert hits(f"Lease for {address}.") == [("mac", address)]


def test_a_mail_address_is_one_hit_though_a_name_is_in_it() -> None:
    assert hits("Sent to marcus.webb@harbor.example.") == [("mail", "marcus.webb@harbor.example")]
    assert kinds("info [at] acme [dot] example") == {"mail"}


@pytest.mark.parametrize(
    "path",
    [
        r"\\srv-fs1\data$",
        r"C:\Users\jlowe\Desktop",
        "/home/pnair/fix.sh",
        "https://10.1.4.22/setup",
        "smb://nas2/scans",
    ],
)
def test_a_path_with_a_machine_or_a_user_in_it_is_found(path: str) -> None:
    assert hits(f"Moved {path} away") == [("path", path)]


def test_a_public_link_and_a_drive_are_no_leak() -> None:
    assert hits(r"See https://support.microsoft.com/windows, and freed C:\Windows\Temp and/or D:.") == []


def test_a_login_name_is_found() -> None:
    assert hits(r"ACME\jlowe and svc_backup unlocked") == [
        ("account", r"ACME\jlowe"),
        ("account", "svc_backup"),
    ]


# Tickets


@pytest.mark.parametrize(
    "number",
    ["#48211", "T20260602.8211", "INC0012345", "ticket 48299", "Ticket #27", "48211", "8230", "TKT-001"],
)
def test_a_ticket_number_is_found(number: str) -> None:
    assert hits(f"See {number}") == [("ticket", number)]


@pytest.mark.parametrize(
    "text",
    [
        "Printer #2",
        "PO #4711 came",
        "365 days",
        "in 2024",
        "8230 files moved",
        "Case 1: phones",
        "Error 8230",
    ],
)
def test_other_numbers_are_no_tickets(text: str) -> None:
    assert hits(text) == []


# Secrets


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("pw: Hunter2!", "Hunter2!"),
        ("temp pass is Bluebird, valid today", "Bluebird"),
        ("Reset password to Autumn2026", "Autumn2026"),
        ("Kennwort lautet k0mplex", "k0mplex"),
        ("Wifi password for guests is Hall#25", "Hall#25"),
        ("PIN 4471", "4471"),
        ("code for the gate is 4471", "4471"),
        ("login admin/Adm1n!99", "Adm1n!99"),
        ("psk kX9vTq2LwZ", "kX9vTq2LwZ"),
        ("SNMP community = public", "public"),
        ("AKIAIOSFODNN7EXAMPLE rotated", "AKIAIOSFODNN7EXAMPLE"),
        ("abc12345 as their password", "abc12345"),
    ],
)
def test_a_secret_is_found_by_the_word_that_announces_it_or_by_its_look(text: str, secret: str) -> None:
    [hit] = find_leaks(text, CONTEXT)
    assert hit.kind == "credential"
    assert secret in hit.text


@pytest.mark.parametrize(
    "text",
    [
        "Password reset for the front desk.", "Password policy: 14 characters", "Password is expired.",
        "PIN pad replaced",
        "API key rotated", "Token renewed", "MFA code did not arrive", "Passwort zurückgesetzt",
        "Error code 1603",
        "Password for M365 changed", "Secret santa list", "Test: pass. Lights green.",
    ],
)  # fmt: skip
def test_talk_of_passwords_is_no_secret(text: str) -> None:
    assert hits(text) == []


def test_a_licence_key_is_found_by_its_groups() -> None:
    assert hits("Entered P4WSN-D0GGY-C4TT1-N0TAK-3Y999.") == [("licence", "P4WSN-D0GGY-C4TT1-N0TAK-3Y999")]
    assert hits("Licence key entered, software activated.") == []


# Money and remarks


@pytest.mark.parametrize(
    "amount",
    ["$165", "165 USD", "EUR 84,00", "£20", "84,00 €", "62/h", "95 per hour", "$1.2k", "two hundred dollars"],
)
def test_money_is_found_in_every_notation(amount: str) -> None:
    assert hits(f"Part for {amount} ordered") == [("money", amount)]


@pytest.mark.parametrize(
    "text",
    [
        "3.5 hours",
        "10 %",
        "free of charge",
        "refresh rate 60 Hz",
        "40 MB/s",
        "4 backups per hour",
        "C$ share",
    ],
)
def test_other_figures_are_no_money(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "do not bill",
        "don't put on invoice",
        "Internal: ask sales",
        "our mistake",
        "user error",
        "nicht berechnen",
    ],
)
def test_a_remark_for_colleagues_is_found(text: str) -> None:
    assert kinds(f"Second visit, {text}.") | kinds(text) == {"remark"}


@pytest.mark.parametrize(
    "text",
    [
        "Internal review of the outage.", "No charge for this visit.", "Outlook keeps asking for a password.",
        "She should have access now.", "Our error log was sent to the vendor.",
        "Tablets do not charge in the cradle.",
    ],
)  # fmt: skip
def test_plain_words_about_faults_and_charges_are_no_remark(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize("known_as", ["NORTH\\will.jr", "will.jr@north.example", "will.jr"])
def test_a_login_is_found_however_the_file_writes_it(known_as: str) -> None:
    context = LeakContext(technicians=frozenset({known_as}))
    assert hits("profile will.jr moved", context) == [("technician", "will.jr")]


def test_white_space_does_not_count_in_a_text_that_is_allowed() -> None:
    context = replace(CONTEXT, allowed=frozenset({"Marcus Webb"}))
    assert hits("Marcus Webb and Marcus  Webb", context) == []
