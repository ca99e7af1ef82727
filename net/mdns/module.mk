MODULES           += net/mdns
net/mdns.sources  := mdns.c mdns_conflict.c mdns_counters.c mdns_name.c mdns_query.c mdns_record.c mdns_send.c
net/mdns.requires := base hal net/dns net/ip net/udp
