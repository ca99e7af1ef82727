MODULES          += net/dns
net/dns.sources  := dns.c dns_cache.c dns_msg.c dns_name.c dns_query.c dns_record.c dns_tcp.c dns_counters.c
net/dns.requires := base hal net/ip net/tcp net/udp
