/* SPDX-License-Identifier: ISC */
/*
 * lwIP's settings for the comparisons: those of a server that is to be fast, with the buffers that
 * Fata's side of the same row has. docs/BENCHMARKS.md says why each differs from lwIP's default.
 */
#ifndef BENCH_PEERS_LWIP_LWIPOPTS_H
#define BENCH_PEERS_LWIP_LWIPOPTS_H

/* One thread, the raw API, no locks. */
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_NO_UNISTD_H     0

/* IPv4, ARP, ICMP, UDP, TCP and DHCP, as Fata's images of the same rows have. */
#define LWIP_IPV6                  0
#define LWIP_DHCP                  1
#define LWIP_DHCP_DOES_ACD_CHECK   0 /* with it an address takes seven seconds */
#define LWIP_ACD                   0
#define IP_REASSEMBLY              0
#define IP_FRAG                    0
#define LWIP_NETIF_STATUS_CALLBACK 1

/* Neither assertions nor statistics. */
#define LWIP_NOASSERT 1
#define LWIP_STATS    0

/* Buffers. MEM_SIZE holds what is built to be sent: headers, and the pbufs that refer to data. */
#define MEM_ALIGNMENT    8
#define MEM_SIZE         (4 * 1024 * 1024)
#define MEMP_NUM_PBUF    4096 /* references to data that is sent where it lies */
#define MEMP_NUM_TCP_SEG 4096
#ifndef LWIP_CONNECTIONS
#define LWIP_CONNECTIONS 1024
#endif
#define MEMP_NUM_TCP_PCB        LWIP_CONNECTIONS
#define MEMP_NUM_TCP_PCB_LISTEN 4
/* On Fata's boards received frames are custom pbufs over the driver's, and these lie idle. */
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 512
#endif

/* TCP: full segments, scaled windows, as much unacknowledged data as Fata's services allow. */
#define TCP_MSS                    1460
#define LWIP_WND_SCALE             1
#define TCP_RCV_SCALE              3
#define TCP_WND                    (256 * 1024)
#define TCP_SND_BUF                (128 * 1024)
#define TCP_SND_QUEUELEN           256
#define TCP_SNDLOWAT               (16 * TCP_MSS)
#define LWIP_TCP_SACK_OUT          1
#define TCP_LISTEN_BACKLOG         1
#define TCP_DEFAULT_LISTEN_BACKLOG 255

/* Its fastest checksum for these machines; none where the device computes it. */
#define LWIP_CHKSUM_ALGORITHM        3
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1

/* Received frames stay in the driver's buffers. */
#define LWIP_SUPPORT_CUSTOM_PBUF 1

/* lwIP's own HTTP server, where it is measured: its fastest way, a file with its header in front.
 */
#define LWIP_HTTPD_SUPPORT_11_KEEPALIVE 1
#define LWIP_HTTPD_SUPPORT_REQUESTLIST  0
#define HTTPD_USE_MEM_POOL              1
#define MEMP_NUM_PARALLEL_HTTPD_CONNS   LWIP_CONNECTIONS
#define HTTPD_FSDATA_FILE               "httpd_page.h"

#endif
