MODULES             += net/syslog
net/syslog.sources  := syslog.c syslog_counters.c syslog_msg.c syslog_server.c
net/syslog.requires := base hal net/ip net/udp
