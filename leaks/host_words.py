"""Word lists that the leak check judges host names and device codes by. Data only, in small letters."""

from leaks.words import word_set

# What a machine is for, as people shorten it in its name.
ROLES = word_set("""
    srv svr server dc rodc adc fs ts rds rdsh rdp term sql db ora web app api ex exch exchange mail mx smtp
    mailgw fileserver appserver dbserver mailserver webserver printserver drucker rechner prn prt printer
    print nas san esx esxi hv hyperv vm vms vcenter vc fw fwl utm rtr rt router gw sw switch core edge dist
    acc ap wap wlc wifi lt lap lpt ltp laptop ntb nb notebook dt pc ws wks workstation tablet kiosk pos till
    kasse scan scanner ups pdu cam nvr dvr vpn bkp bak bdr backup veeam dns dhcp proxy mgmt idrac ilo ipmi
    bmc ctx citrix vdi cl clu cluster node host mbp imac tc wsus sccm mdm radius nps ca pki erp crm ftp sftp
    git jump bastion jmp nuc lnx pdq eftpos hht kds pbx voip sbc mob tv hmi plc cnc
""")
# Roles that hardly mean anything else.
STRICT = word_set("""
    srv svr dc rodc fs prn prt esx esxi fw rtr sw lt lpt ltp nb ntb ws wks mbp vm pc bkp nas
""")
NAMELIKE = STRICT - word_set("pc vm nas sw fw")
# Roles that no word ends with.
UNMISTAKABLE = word_set("srv svr dc rodc prn esx rtr nas bkp wks sql rds")
# "file-server" and the like name no machine.
PLAIN_SERVERS = word_set("""
    file web mail app test game home time sql old new main dns ftp dhcp host fax data key log
""")
# Roles that make a name of "vm-print" and of "acme-dc", without any number.
FIRST_ROLES = word_set("srv svr esx esxi vm mbp prn prt rtr wks vmhost")
LAST_ROLES = word_set("srv svr dc rodc fs fw nas prn prt")
# Last parts that make a word of it: "cloud-based".
NO_ROLE_AFTER = word_set("""
    based level wide side only ready specific host hosts update updates upgrade backup-job like related
    friendly compatible sharing enabled aware hosted
""")
# Words that people number, products and standards: "room2", "sql2019".
NO_NUMBERED = word_set("""
    sage tally nav dynamics adobe creo catia revit archicad vectorworks quickbooks exact lexware datev
    fritzbox vigor zyxel top best plus minus bus route road studio flat suite apt box bin locker take win
    php html css cat usb hdmi wpa wep wifi raid ddr mp sp kb gen lte mk ps iphone ipad ios ipados android
    macos gpt vlan port ext lab camera monitor user admin team group shift year grade class ticket file
    photo scan sheet book table copy draft image drive disk channel ch tv screen key covid sha md aes tls
    ssl ipv wave bit mbit gbit core dimm cpu gpu com lpt eth wlan lan wan bios dns ntp pop imap smtp layer
    tier priority prio sev option opt plan figure fig chart section sec paragraph para article art block
    batch lot grp house no nr num tel fax call job point pt area site shop store branch filiale halle raum
    zimmer platz tag woche kw monat quartal stufe etage og ug eg haus tor kanal bild blatt seite zeile
    spalte teil version grafik kapitel word excel access project teams python java node dotnet net postgres
    mysql mariadb mongo debian ubuntu rhel centos fedora suse cups samba smb nfs cve rfc iso din en iec base
    param raspberry pi arduino esp surface pixel galaxy note level cube mono stereo dolby room rm phase step
    part page item day week line desk office cu id unit floor zone dock bay gate building test ver rev
    lesson module chapter question stage round sprint slot lane shelf rack row q h v t u windows server sql
    exchange
""")
# First parts of codes that are known for other things: COVID-19, ISO-27001, PO-4711.
NO_CODE = word_set("""
    vat ust uid hrb om os ms lpn bs plz covid cve iso raid utf aes sha rsa tls ssl wpa wep cat din usb hdmi
    dp az sc md pl mb ai po inv re rg fy kw kb rfc en iec ieee eia tia nist pci soc cis hipaa gdpr dsgvo mfc
    hl dcp tm tms et wf xp sg gs ws-c ip ex-series rj cr lr ddr pc-dos md5 base iphone s hp t ean isbn wcag
    bsi bgb vde eu us uk mp mpeg h jan feb mar apr may jun jul aug sep oct nov dec mai okt dez q1 q2 q3 q4 q
    x c d g i v n
""")
# After a maker a code is a model; after a place it says where.
MAKERS = word_set("""
    hp hpe dell lenovo thinkpad asus acer epson brother canon kyocera ricoh xerox lexmark konica oki zebra
    dymo cisco meraki netgear ubiquiti unifi tp link dlink draytek mikrotik fortinet fortigate sonicwall
    sophos watchguard aruba juniper ruckus yealink snom grandstream polycom poly jabra logitech apc eaton
    cyberpower synology qnap buffalo samsung lg sony philips benq eizo iiyama nec sharp hikvision dahua axis
    datalogic honeywell fujitsu toshiba panasonic intel amd nvidia model modell type typ series serie
    microsoft surface ipad iphone galaxy pixel optiplex latitude precision elitebook probook laserjet
    officejet deskjet ecosys catalyst exam course kurs form formular room raum zimmer building gebaude haus
    office dock gate bay shelf rack row desk cabinet floor unit suite zone saal halle tor platz schrank
    regal port socket dose outlet panel section abschnitt level ebene article artikel standard norm class
    klasse lot charge formation battery cable toner cartridge patrone ink
""")
# Words after "host" or "server" that are no name.
NO_HOST = word_set("""
    machine computer template snapshot image console guest reboot restart battery cabinet tape cpu disks
    file files pool pools key keys name names header system systems record records entry network group
    cluster memory itself backup hardware room rack upgrade update patch service services software which
    that this connection never then also still load license licence migration status time performance power
    control drive disk side move hier operating storage certificate access farm market fan fans space config
    configuration admin agent client
""")
NO_NAME = word_set("""
    dhcp vmware citrix datev wsus radius http https smtp imap ldap raid cals bios uefi idrac veeam down
    offline online reboot restart rebooted restarted back went still crashed hung with from been must will
    only also again dead slow issue error aborted full ready done fixed running migration backup patching
    update monitoring cluster license
""")
# Names that people like to give to servers.
SERVER_NAMES = word_set("""
    zeus hermes athena apollo hera athene ares poseidon hades artemis kronos odin thor loki freya freyja
    heimdall baldur jupiter saturn mars venus neptune neptun pluto pluton mercury merkur uranus titan orion
    sirius vega gandalf frodo bilbo sauron aragorn legolas gimli yoda vader chewbacca leia skywalker spock
    kirk picard enterprise voyager hal9000 skynet morpheus trinity neo goofy donald daisy mickey asterix
    obelix idefix homer bart marge lisa osiris isis anubis horus ra minerva vulcan atlas prometheus phoenix
    pegasus hydra cerberus kerberos medusa everest matterhorn
""")
# Words near which such a name is one.
MACHINES = word_set("""
    server servers host hosts box machine vm vms nas node nodes rechner maschine rebooted patched restarted
    rebooting restarting patching migrated upgraded reboot restart
""")
# First labels of public pages, ends of names inside a network, ends of names that are addresses.
PUBLIC_STARTS = word_set("""
    www www2 docs support help learn blog shop store news wiki forum community download downloads
""")
INTERNAL_ENDS = word_set("local lan corp internal intranet intra intern localdomain arpa localhost")
TOP_LEVELS = word_set("""
    com net org io co info biz dev app cloud tech edu gov mil int eu uk us de at ch li fr nl be lu es pt pl
    cz se no dk fi ie it au nz ca za in jp cn br mx me tv ai online site systems network email example test
    invalid
""")
PUBLIC_SITES = word_set("""
    microsoft.com office.com office365.com microsoftonline.com outlook.com live.com windows.com azure.com
    sharepoint.com msftconnecttest.com google.com gmail.com youtube.com apple.com icloud.com adobe.com
    zoom.us zoom.com dropbox.com amazon.com amazonaws.com cisco.com webex.com fortinet.com dell.com hp.com
    lenovo.com intuit.com docusign.com docusign.net github.com wikipedia.org mozilla.org linkedin.com
    facebook.com paypal.com quickbooks.com xero.com sage.com datev.de telekom.de speedtest.net whatsapp.com
    slack.com teamviewer.com brother.com epson.com canon.com cloudflare.com godaddy.com 1password.com
    bitwarden.com lastpass.com
""")
