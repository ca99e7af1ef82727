/* SPDX-License-Identifier: ISC */
/*
 * --format=systemd: a service that runs QEMU, or the image itself where it is a process, as a user
 * that exists for its time only and with few rights (systemd.service(5), systemd.exec(5)).
 */
#include <string.h>

#include "tools/fata/deploy.h"

enum { STATUS_OF_BAD_ARGUMENTS = 64, PRIVILEGED_PORTS = 1024 };

static const char *refuse(const struct deployment *d)
{
	if (!deploy_is_process(d)) {
		if (d->card_count > 0 && d->cards[0].network == DEPLOY_BRIDGE)
			return "a service without rights cannot join a bridge; give --tap=IFACE with a "
			       "tap that is part of the bridge";
		return NULL;
	}
	if (d->card_count > 1)
		return "its process has one network interface";
	if (d->card_count > 0 && d->cards[0].network != DEPLOY_TAP)
		return "its process reaches the network by a tap: give --tap=IFACE";
	return NULL;
}

static void add_command(struct text *out, const struct deployment *d)
{
	struct command c;

	if (deploy_is_process(d))
		command_of_process(&c, d);
	else
		command_of_qemu(&c, d);
	text_add(out, "ExecStart=");
	for (size_t i = 0; i < c.count; i++) {
		if (i > 0)
			text_add(out, c.words[i].begins_option ? " \\\n    " : " ");
		text_systemd_word(out, c.words[i].text, i == 0);
	}
	text_add(out, "\n");
	command_free(&c);
}

/* QEMU's isa-debug-exit makes 2n + 1 of the image's status n; 0 stays 0, without that device. */
static void add_statuses(struct text *out, const struct deployment *d)
{
	bool is_odd = d->manifest->machine.exit_is_odd;

	text_add(out,
		 "Restart=on-failure\n"
		 "RestartSec=1\n"
		 "# Wrong boot arguments stay wrong.\n"
		 "RestartPreventExitStatus=%d\n",
		 is_odd ? 2 * STATUS_OF_BAD_ARGUMENTS + 1 : STATUS_OF_BAD_ARGUMENTS);
}

static bool wants_privileged_port(const struct deployment *d)
{
	for (size_t i = 0; i < d->port_count; i++) {
		if (d->ports[i].host < PRIVILEGED_PORTS)
			return true;
	}
	return false;
}

static bool has_tap(const struct deployment *d)
{
	return d->card_count > 0 && d->cards[0].network == DEPLOY_TAP;
}

static void add_devices(struct text *out, const struct deployment *d)
{
	text_add(out, "DevicePolicy=closed\n");
	if (has_tap(d))
		text_add(out, "DeviceAllow=/dev/net/tun rw\n");
	if (d->kvm)
		text_add(out, "DeviceAllow=/dev/kvm rw\nSupplementaryGroups=kvm\n");
	if (!has_tap(d) && !d->kvm)
		text_add(out, "PrivateDevices=yes\n");
}

static void add_capabilities(struct text *out, const struct deployment *d)
{
	if (wants_privileged_port(d))
		text_add(out, "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"
			      "AmbientCapabilities=CAP_NET_BIND_SERVICE\n");
	else
		text_add(out, "CapabilityBoundingSet=\n");
}

static bool is_below(const char *path, const char *folder)
{
	return strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_at_home(const struct deployment *d)
{
	return is_below(d->kernel, "/home/") || is_below(d->kernel, "/root/") ||
	       is_below(d->kernel, "/run/user/");
}

/* These folders are empty for the service where it has its own; an image in them stays visible. */
static bool is_temporary(const struct deployment *d)
{
	return is_below(d->kernel, "/tmp/") || is_below(d->kernel, "/var/tmp/");
}

static void add_hardening(struct text *out, const struct deployment *d)
{
	text_add(out, "DynamicUser=yes\n");
	add_capabilities(out, d);
	add_devices(out, d);
	text_add(out, "ProtectHome=%s\n", is_at_home(d) ? "read-only" : "yes");
	text_add(out, "PrivateTmp=yes\n");
	if (is_temporary(d)) {
		text_add(out, "BindReadOnlyPaths=");
		text_systemd_word(out, d->kernel, true);
		text_add(out, "\n");
	}
	/* QEMU without KVM writes the code that it then runs. */
	if (deploy_is_process(d) || d->kvm)
		text_add(out, "MemoryDenyWriteExecute=yes\n");
	text_add(out, "LockPersonality=yes\n"
		      "NoNewPrivileges=yes\n"
		      "ProcSubset=pid\n"
		      "ProtectClock=yes\n"
		      "ProtectControlGroups=yes\n"
		      "ProtectHostname=yes\n"
		      "ProtectKernelLogs=yes\n"
		      "ProtectKernelModules=yes\n"
		      "ProtectKernelTunables=yes\n"
		      "ProtectProc=invisible\n"
		      "ProtectSystem=strict\n"
		      "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n"
		      "RestrictNamespaces=yes\n"
		      "RestrictRealtime=yes\n"
		      "RestrictSUIDSGID=yes\n"
		      "SystemCallArchitectures=native\n"
		      "SystemCallErrorNumber=EPERM\n"
		      "SystemCallFilter=@system-service\n"
		      "UMask=0077\n");
}

static void write(const struct deployment *d, struct text *out)
{
	text_add(out, "# A Fata image as a service. Written by fata deploy, which will overwrite "
		      "changes.\n");
	if (has_tap(d))
		text_add(
			out,
			"# The tap must exist, and without an owner, since the service's user is made\n"
			"# when it starts: ip tuntap add dev %s mode tap\n",
			d->cards[0].interface);
	text_add(out, "\n[Unit]\nDescription=Fata image ");
	text_systemd_value(out, d->name);
	/* The full stop keeps a backslash of the name from joining lines. */
	text_add(out, ".\nAfter=network.target\n\n[Service]\n");
	add_command(out, d);
	add_statuses(out, d);
	text_add(out, "\n");
	add_hardening(out, d);
	text_add(out, "\n[Install]\nWantedBy=multi-user.target\n");
}

const struct deploy_format deploy_systemd = {
	.name = "systemd",
	.about = "a systemd service that runs the image in QEMU or as a process",
	.next = "Copy it to /etc/systemd/system/; everybody must be able to read the image.",
	.refuse = refuse,
	.write = write,
	.publishes = true,
};
