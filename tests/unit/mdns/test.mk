UNIT_TESTS        += mdns
mdns_test.modules := base net/udp net/mdns
mdns_test.sources := $(addprefix tests/unit/mdns/,main.c rig.c test_answers.c test_names.c test_records.c) \
                     tests/fakes/udp_fake.c net/dns/dns_name.c net/dns/dns_record.c
