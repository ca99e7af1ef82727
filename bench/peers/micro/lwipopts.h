/* SPDX-License-Identifier: ISC */
/*
 * lwIP's settings on a microcontroller: as small as the eight connections of the comparison and
 * full segments allow, with as many buffers as Fata's side has (docs/BENCHMARKS.md).
 */
#ifndef BENCH_PEERS_MICRO_LWIPOPTS_H
#define BENCH_PEERS_MICRO_LWIPOPTS_H

/* One thread, the raw API, no locks. */
#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_NO_UNISTD_H     0

/* IPv4, ARP, ICMP, UDP, TCP and DHCP, as Fata's image has. */
#define LWIP_IPV6                0
#define LWIP_RAW                 0
#define LWIP_DHCP                1
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_ACD                 0
#define IP_REASSEMBLY            0
#define IP_FRAG                  0
#define ARP_TABLE_SIZE           8
#define MEMP_NUM_ARP_QUEUE       4
#define MEMP_NUM_UDP_PCB         1

/* Neither assertions nor statistics. */
#define LWIP_NOASSERT 1
#define LWIP_STATS    0

/* Headers that are sent, and not acknowledged yet; references to what is sent where it lies. */
#define MEM_ALIGNMENT           4
#define MEM_SIZE                2048
#define MEMP_NUM_PBUF           16
#define MEMP_NUM_TCP_SEG        16
#define MEMP_NUM_TCP_PCB        16 /* eight, and those that wait or are being opened */
#define MEMP_NUM_TCP_PCB_LISTEN 3

/* Received frames: as many as Fata's image has, each in one buffer, headers on words. */
#define ETH_PAD_SIZE      2
#define PBUF_POOL_SIZE    4
#define PBUF_POOL_BUFSIZE 1524

#define TCP_MSS          1460
#define TCP_WND          (2 * TCP_MSS)
#define TCP_SND_BUF      (2 * TCP_MSS)
#define TCP_SND_QUEUELEN 8

#define LWIP_CHKSUM_ALGORITHM 3

#endif
