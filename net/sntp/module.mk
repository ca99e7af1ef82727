MODULES           += net/sntp
net/sntp.sources  := sntp.c sntp_counters.c sntp_msg.c sntp_server.c
net/sntp.requires := base hal net/ip net/udp
