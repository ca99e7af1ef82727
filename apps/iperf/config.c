/* SPDX-License-Identifier: ISC */
/* measures TCP and UDP with iperf3: a server, or a client of one with --client=ADDRESS */
#include <fata/config.h>

SIGNATURE(layers, "struct iperf_layers *", "iperf.h");

void configure(void)
{
	packets_t tx = packet_pool(512, 512);
	ip_t ip = static_ipv4(default_netif(.rx_packets = 384), .ethernet.tx = tx);
	tcp_t tcp = tcp_over(ip, .connections = 24, .send_slices = 1024, .send_bytes = 512 * 1024,
			     .recv_bytes = 256 * 1024, .recv_packets = 192);
	connector_t connector = connect_over(tcp, (resolver_t){NULL}, .requests = 8);
	layers_t layers = device("layers", layers, sources(), "iperf_connect",
				 uses(tcp, udp_over(ip), tx, connector), keys(),
				 .modules = "net/json");
	key client = key_string("client", "", "address of an iperf3 server to test against");
	key port = key_u16("port", 5201, "port of the server, here or there", .min = 1);
	key udp = key_bool("udp", false, "as client: UDP, not TCP");
	key reverse = key_bool("reverse", false, "as client: the server sends");
	key time = key_duration("time", "10s", "as client: how long to send");
	key bytes = key_size("bytes", "0", "as client: how much to send, in place of a time");
	key streams = key_u16("parallel", 1, "as client: streams at a time", .min = 1, .max = 8);
	key rate = key_size("bitrate", "0", "as client: bits a second of each stream, 0: no limit");
	key length =
		key_size("length", "0", "as client: bytes of a block or datagram, 0: as usual");

	unikernel("iperf", job("iperf", layers, client, port, udp, reverse, time, bytes, streams,
			       rate, length));
}
