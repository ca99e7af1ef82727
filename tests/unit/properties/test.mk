UNIT_TESTS              += properties
properties_test.modules := base net/eth net/neighbour net/arp net/ip net/ipv4 net/icmp net/ndp net/ipv6 net/icmpv6 \
                           net/multihome net/udp net/tcp net/http net/group net/igmp net/mld net/dhcp net/dns \
                           net/sntp net/mdns net/connect net/http_client
properties_test.sources := $(addprefix tests/unit/properties/,main.c describe.c party.c scenario.c silence.c \
                             transfers.c prediction.c neighbours.c days.c whole_day.c attacks.c overload.c forgery.c goodput.c) \
                           $(addprefix tests/fakes/,sim_host.c link_sim.c link_wire.c coalesce.c net_rig.c \
                             netif_fake.c frames.c frames6.c)
