/* SPDX-License-Identifier: ISC */
/*
 * --format=libvirt: the XML of a domain (libvirt.org, "Domain XML format"). Devices are virtio on
 * MMIO, and there is no PCI, but on q35, where libvirt gives each a port of its own. What libvirt
 * has no element for, ports that lead to the guest, goes to QEMU's command line. libvirt knows no
 * exit status, so what reports one is left out; on Arm that is semihosting, which would let the
 * guest at the host's files.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/fata/deploy.h"
#include "tools/fata/fata.h"

static bool is_type(const struct deployment *d, const char *type)
{
	struct qemu_machine q;

	qemu_machine_parse(&q, d);
	bool is_it = strcmp(q.type, type) == 0;
	qemu_machine_free(&q);
	return is_it;
}

/* Elsewhere devices have addresses of MMIO, which libvirt would not choose by itself. */
static bool is_pci(const struct deployment *d)
{
	return is_type(d, "q35");
}

static const char *address(const struct deployment *d)
{
	return is_pci(d) ? "" : "      <address type='virtio-mmio'/>\n";
}

static const char *refuse(const struct deployment *d)
{
	if (deploy_is_process(d))
		return "its image is a process of Linux; systemd fits";
	if (!is_type(d, "virt") && !is_type(d, "microvm") && !is_pci(d))
		return "its domains are for the machines virt, microvm and q35 only; qemu and systemd fit";
	if (d->card_count > 0 && strncmp(d->manifest->machine.net, "virtio-net-", 11) != 0)
		return "libvirt needs its network interface to be virtio; qemu and systemd fit";
	return NULL;
}

static void add_element(struct text *out, const char *name, const char *word)
{
	text_add(out, "    <%s>", name);
	text_xml(out, word);
	text_add(out, "</%s>\n", name);
}

/* libvirt's name of the architecture, from that of QEMU's program. */
static const char *architecture(const struct deployment *d)
{
	const char *qemu = d->manifest->machine.qemu;
	const char *dash = strrchr(qemu, '-');
	const char *word = dash != NULL ? dash + 1 : qemu;

	return strcmp(word, "arm") == 0 ? "armv7l" : word;
}

static void add_os(struct text *out, const struct deployment *d, const struct qemu_machine *q)
{
	text_add(out, "  <os>\n    <type arch='");
	text_xml(out, architecture(d));
	text_add(out, "' machine='%s'>hvm</type>\n", q->type);
	add_element(out, "kernel", d->kernel);
	if (d->args[0] != '\0')
		add_element(out, "cmdline", d->args);
	text_add(out, "  </os>\n");
}

/* "gic-version=host" */
static void add_features(struct text *out, const struct qemu_machine *q)
{
	static const char key[] = "gic-version=";
	const char *gic = strstr(q->type_options, key);

	if (gic == NULL)
		return;
	gic += strlen(key);
	text_add(out, "  <features>\n    <gic version='%.*s'/>\n  </features>\n",
		 (int)strspn(gic, "abcdefghijklmnopqrstuvwxyz0123456789"), gic);
}

/* "-arch-capabilities,+x2apic" */
static void add_cpu_features(struct text *out, const char *options)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

	while (*options != '\0') {
		size_t n = strspn(options + 1, name);
		if ((options[0] == '-' || options[0] == '+') && n > 0)
			text_add(out, "    <feature policy='%s' name='%.*s'/>\n",
				 options[0] == '-' ? "disable" : "require", (int)n, options + 1);
		options += strcspn(options, ",");
		options += *options == ',';
	}
}

static void add_cpu(struct text *out, const struct qemu_machine *q)
{
	if (q->cpu[0] == '\0')
		return;
	if (strcmp(q->cpu, "host") == 0) {
		text_add(out, "  <cpu mode='host-passthrough'>\n");
	} else if (strcmp(q->cpu, "max") == 0) {
		text_add(out, "  <cpu mode='maximum'>\n");
	} else {
		text_add(out, "  <cpu mode='custom' match='exact'>\n");
		add_element(out, "model", q->cpu);
	}
	add_cpu_features(out, q->cpu_options);
	text_add(out, "  </cpu>\n");
}

/* Whether QEMU's command line makes the cards, since only there ports can be published. */
static bool uses_command_line(const struct deployment *d)
{
	return d->card_count > 0 && d->cards[0].network == DEPLOY_USER && d->port_count > 0;
}

static void add_card(struct text *out, const struct deployment *d, const struct deploy_card *card)
{
	static const char *const types[] = {
		[DEPLOY_USER] = "user", [DEPLOY_TAP] = "ethernet", [DEPLOY_BRIDGE] = "bridge"};

	text_add(out, "    <interface type='%s'>\n      <mac address='%s'/>\n",
		 types[card->network], card->mac);
	if (card->network == DEPLOY_BRIDGE)
		text_add(out, "      <source bridge='%s'/>\n", card->interface);
	if (card->network == DEPLOY_TAP)
		text_add(out, "      <target dev='%s' managed='no'/>\n", card->interface);
	text_add(out, "      <model type='virtio'/>\n%s    </interface>\n", address(d));
}

static void add_devices(struct text *out, const struct deployment *d)
{
	text_add(out, "  <devices>\n"
		      "    <controller type='usb' model='none'/>\n");
	for (size_t i = 0; i < d->card_count && !uses_command_line(d); i++)
		add_card(out, d, &d->cards[i]);
	text_add(out, "    <serial type='pty'/>\n"
		      "    <console type='pty'/>\n"
		      "    <memballoon model='none'/>\n");
	if (strstr(d->manifest->machine.devices, "virtio-rng-") != NULL)
		text_add(out,
			 "    <rng model='virtio'>\n"
			 "      <backend model='random'>/dev/urandom</backend>\n"
			 "%s    </rng>\n",
			 address(d));
	text_add(out, "  </devices>\n");
}

/* Takes `value`. */
static void add_argument(struct text *out, const char *option, char *value)
{
	text_add(out, "    <qemu:arg value='%s'/>\n    <qemu:arg value='", option);
	text_xml(out, value);
	text_add(out, "'/>\n");
	free(value);
}

/* libvirt, which does not know of these cards, gives its own devices the slots from 1 on. */
static char *card_of_command_line(const struct deployment *d, size_t i)
{
	char *device = deploy_net_device(d, i);

	if (!is_pci(d))
		return device;
	char *placed = text_of("%s,bus=pcie.0,addr=0x%zx", device, 0x10 + i);
	free(device);
	return placed;
}

static void add_command_line(struct text *out, const struct deployment *d)
{
	if (!uses_command_line(d))
		return;
	text_add(out, "  <qemu:commandline>\n");
	for (size_t i = 0; i < d->card_count; i++) {
		add_argument(out, "-netdev", deploy_netdev(d, i));
		add_argument(out, "-device", card_of_command_line(d, i));
	}
	text_add(out, "  </qemu:commandline>\n");
}

static void write(const struct deployment *d, struct text *out)
{
	struct qemu_machine q;

	qemu_machine_parse(&q, d);
	text_add(
		out,
		"<!-- A Fata image as a libvirt domain. Written by fata deploy, which will overwrite "
		"changes. -->\n"
		"<domain type='%s' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n",
		d->kvm ? "kvm" : "qemu");
	text_add(out, "  <name>");
	text_xml(out, d->name);
	text_add(out, "</name>\n  <memory unit='KiB'>%llu</memory>\n",
		 (unsigned long long)(d->memory_bytes / 1024));
	text_add(out, "  <vcpu current='%u'>%u</vcpu>\n", q.cpus, q.cpus_max);
	add_os(out, d, &q);
	add_features(out, &q);
	add_cpu(out, &q);
	text_add(out, "  <on_poweroff>destroy</on_poweroff>\n"
		      "  <on_reboot>destroy</on_reboot>\n"
		      "  <on_crash>destroy</on_crash>\n");
	add_devices(out, d);
	add_command_line(out, d);
	text_add(out, "</domain>\n");
	qemu_machine_free(&q);
}

const struct deploy_format deploy_libvirt = {
	.name = "libvirt",
	.about = "the XML of a libvirt domain",
	.next = "Then: virsh define %",
	.refuse = refuse,
	.write = write,
	.publishes = true,
};
