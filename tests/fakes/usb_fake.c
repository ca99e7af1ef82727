/* SPDX-License-Identifier: ISC */
#include "tests/fakes/usb_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/net/lan78xx/lan78xx_regs.h"
#include "drivers/net/lan95xx/lan95xx_regs.h"
#include "drivers/net/lan_usb/lan_usb.h"
#include "drivers/usb/core/usb_spec.h"

enum { NOTIFY_ENDPOINT = 1, DATA_ENDPOINT = 2, STRING_MAC = 3, SET_FILTER = 0x43 };

struct usb_fake_device usb_fake[USB_FAKE_DEVICES];

static const uint8_t rndis[] = {
	9, 2,    67,   0,    2,  2,    9,    0xc0, 0x32,    /* configuration 2 */
	9, 4,    0,    0,    1,  2,    2,    0xff, 6,       /* control interface, ACM */
	5, 0x24, 0,    0x10, 1,  5,    0x24, 1,    0,    1, /* header, call management */
	4, 0x24, 2,    0,    5,  0x24, 6,    0,    1,       /* ACM, union */
	7, 5,    0x81, 3,    16, 0,    32,                  /* notifications */
	9, 4,    1,    0,    2,  0x0a, 0,    0,    4,       /* data interface */
	7, 5,    0x82, 2,    64, 0,    0,    7,    5,    2, 2, 64, 0, 0, /* both ways */
};

static const uint8_t ecm[] = {
	9,  2,    80,   0,          2,  1,    7,    0xc0, 0x32,    /* configuration 1 */
	9,  4,    0,    0,          1,  2,    6,    0,    5,       /* control interface, Ethernet */
	5,  0x24, 0,    0x10,       1,  5,    0x24, 6,    0,    1, /* header, union */
	13, 0x24, 15,   STRING_MAC, 0,  0,    0,    0,    0xea, 5, 0, 0,  0,    /* Ethernet, 1514 */
	7,  5,    0x81, 3,          16, 0,    32,                               /* notifications */
	9,  4,    1,    0,          0,  0x0a, 0,    0,    0,                    /* data, off */
	9,  4,    1,    1,          2,  0x0a, 0,    0,    4,                    /* data, on */
	7,  5,    0x82, 2,          64, 0,    0,    7,    5,    2, 2, 64, 0, 0, /* both ways */
};

static const uint8_t hub_config[] = {
	9, 2, 25, 0, 1, 1, 0, 0xe0, 0, 9, 4, 0, 0, 1, 9, 0, 0, 0, 7, 5, 0x81, 3, 1, 0, 12,
};

void usb_fake_init(void)
{
	memset(usb_fake, 0, sizeof(usb_fake));
}

static struct usb_fake_device *plug(unsigned i, int hub, uint8_t port, enum usb_speed speed)
{
	struct usb_fake_device *d = &usb_fake[i];

	memset(d, 0, sizeof(*d));
	d->is_attached = true;
	d->hub = hub;
	d->port = port;
	d->speed = speed;
	d->control_packet = 64;
	d->bulk_packet = speed == USB_SPEED_HIGH ? 512 : 64;
	return d;
}

struct usb_fake_device *usb_fake_adapter(unsigned i, int hub, uint8_t port, enum usb_speed speed)
{
	struct usb_fake_device *d = plug(i, hub, port, speed);

	d->mac = "400102030405";
	memcpy(d->config[0], rndis, sizeof(rndis));
	memcpy(d->config[1], ecm, sizeof(ecm));
	store_le16(&d->config[1][sizeof(ecm) - 3], d->bulk_packet);
	store_le16(&d->config[1][sizeof(ecm) - 10], d->bulk_packet);
	d->config_bytes[0] = sizeof(rndis);
	d->config_bytes[1] = sizeof(ecm);
	return d;
}

struct usb_fake_device *usb_fake_hub(unsigned i, int hub, uint8_t port, enum usb_speed speed,
				     uint8_t ports)
{
	struct usb_fake_device *d = plug(i, hub, port, speed);

	d->is_hub = true;
	d->ports = ports;
	memcpy(d->config[0], hub_config, sizeof(hub_config));
	d->config_bytes[0] = sizeof(hub_config);
	return d;
}

static const uint8_t lan_config[] = {
	9,    2, 39, 0, 1, 1, 0, 0xe0, 1, 9, 4, 0, 0, 3, 0xff, 0, 0xff, 0, 7, 5,
	0x82, 2, 0,  2, 0, 7, 5, 2,    2, 0, 2, 0, 7, 5, 0x81, 3, 16,   0, 4,
};

const struct usb_fake_chip usb_fake_lan9514 = {
	.product = LAN95XX_LAN9514,
	.hw_cfg = LAN95XX_HW_CFG,
	.hw_reset = LAN95XX_HW_CFG_LRST,
	.reset_ctl = LAN95XX_PM_CTRL,
	.phy_reset = LAN95XX_PM_CTRL_PHY_RST,
	.mii_addr = LAN95XX_MII_ADDR,
	.mii_data = LAN95XX_MII_DATA,
	.int_ep_ctl = LAN95XX_INT_EP_CTL,
	.int_phy = LAN95XX_INT_PHY,
	.phy_status = LAN95XX_PHY_INT_SRC,
	.phy_mask = LAN95XX_PHY_INT_MASK,
	.phy_link_up = 0x40,
	.phy_link_down = 0x10,
};

const struct usb_fake_chip usb_fake_lan7515 = {
	.product = LAN78XX_LAN7800,
	.hw_cfg = LAN78XX_HW_CFG,
	.hw_reset = LAN78XX_HW_CFG_LRST,
	.reset_ctl = LAN78XX_PMT_CTL,
	.phy_reset = LAN78XX_PMT_CTL_PHY_RST,
	.ready = LAN78XX_PMT_CTL_READY,
	.mii_addr = LAN78XX_MII_ADDR,
	.mii_data = LAN78XX_MII_DATA,
	.int_ep_ctl = LAN78XX_INT_EP_CTL,
	.int_phy = LAN78XX_INT_PHY,
	.phy_status = LAN78XX_PHY_INT_STS,
	.phy_mask = LAN78XX_PHY_INT_MASK,
	.phy_link_up = 0x2000,
	.phy_link_down = 0x2000,
};

struct usb_fake_device *usb_fake_lan(unsigned i, int hub, uint8_t port,
				     const struct usb_fake_chip *chip)
{
	struct usb_fake_device *d = plug(i, hub, port, USB_SPEED_HIGH);

	d->chip = chip;
	memcpy(d->config[0], lan_config, sizeof(lan_config));
	d->config_bytes[0] = sizeof(lan_config);
	d->mii[MII_BMSR] = 0x7809;
	return d;
}

void usb_fake_cable(struct usb_fake_device *d, uint16_t partner)
{
	const struct usb_fake_chip *c = d->chip;
	const uint32_t word = c->int_phy;

	d->mii[MII_ANLPAR] = partner;
	d->mii[MII_BMSR] = (uint16_t)((d->mii[MII_BMSR] & ~MII_BMSR_LINK) |
				      (partner != 0 ? MII_BMSR_LINK : 0));
	d->mii[c->phy_status] = partner != 0 ? c->phy_link_up : c->phy_link_down;
	memcpy(d->notification, &word, sizeof(word));
	d->notification_bytes = sizeof(word);
	if ((d->regs[c->int_ep_ctl / 4] & c->int_phy) != 0)
		d->notifies = (d->mii[c->phy_mask] & d->mii[c->phy_status]) != 0;
}

void usb_fake_plug(unsigned i, bool in)
{
	usb_fake[i].is_attached = in;
	usb_fake[i].is_reset = false;
	usb_fake[usb_fake[i].hub].port_changed[usb_fake[i].port] = true;
}

/* --- the topology ------------------------------------------------------------------------------
 */

static void reset(struct usb_fake_device *d)
{
	d->is_reset = true;
	d->address = d->new_address = 0;
	d->configuration = d->setting = 0;
	d->toggle_in = d->toggle_out = d->toggle_notify = d->halted_in = false;
}

static struct usb_fake_device *behind(int hub, uint8_t port)
{
	for (unsigned i = 0; i < USB_FAKE_DEVICES; i++) {
		if (usb_fake[i].is_attached && usb_fake[i].hub == hub &&
		    (hub < 0 || usb_fake[i].port == port))
			return &usb_fake[i];
	}
	return NULL;
}

struct usb_fake_device *usb_fake_root(void)
{
	return behind(-1, 0);
}

void usb_fake_reset_root(void)
{
	if (usb_fake_root() != NULL)
		reset(usb_fake_root());
}

static bool is_reachable(const struct usb_fake_device *d)
{
	return d->is_attached && d->is_reset && (d->hub < 0 || is_reachable(&usb_fake[d->hub]));
}

static struct usb_fake_device *addressed(uint8_t address)
{
	struct usb_fake_device *found = NULL;

	for (unsigned i = 0; i < USB_FAKE_DEVICES; i++) {
		if (!is_reachable(&usb_fake[i]) || usb_fake[i].address != address)
			continue;
		assert_null(found); /* two devices at one address */
		found = &usb_fake[i];
	}
	return found;
}

/* --- control transfers -------------------------------------------------------------------------
 */

static bool answer(struct usb_fake_device *d, const void *bytes, size_t len)
{
	size_t asked = load_le16(&d->setup[6]);

	memcpy(d->answer, bytes, len);
	d->answer_bytes = d->overlong ? len : MIN(len, asked);
	return true;
}

static bool answer_string(struct usb_fake_device *d, uint8_t number)
{
	uint8_t text[64] = {4, USB_DESCRIPTOR_STRING, 9, 4};

	if (number == 0)
		return answer(d, text, 4);
	if (d->mac == NULL || number != STRING_MAC)
		return false;
	for (size_t i = 0; i < strlen(d->mac); i++) {
		text[2 + 2 * i] = (uint8_t)d->mac[i];
		text[3 + 2 * i] = 0;
	}
	text[0] = (uint8_t)(2 + 2 * strlen(d->mac));
	return answer(d, text, text[0]);
}

static bool answer_descriptor(struct usb_fake_device *d)
{
	uint8_t number = d->setup[2];
	uint8_t device[18] = {18, 1, 0, 2, d->is_hub ? 9 : 2, 0, 0, d->control_packet, 0x25, 5};

	device[17] = d->is_hub || d->chip != NULL ? 1 : 2;
	if (d->chip != NULL) {
		device[4] = 0xff;
		store_le16(&device[8], LAN_USB_VENDOR);
		store_le16(&device[10], d->chip->product);
	}
	switch (d->setup[3]) {
	case USB_DESCRIPTOR_DEVICE:
		return answer(d, device, sizeof(device));
	case USB_DESCRIPTOR_CONFIGURATION:
		return number < 2 && d->config_bytes[number] > 0 &&
		       answer(d, d->config[number], d->config_bytes[number]);
	case USB_DESCRIPTOR_STRING:
		return answer_string(d, number);
	}
	return false;
}

/* A hub's own requests: descriptor, ports' features and status. */
static bool do_hub(struct usb_fake_device *d)
{
	uint8_t port = d->setup[4], feature = d->setup[2];
	const uint8_t descriptor[] = {9, 0x29, d->ports, 0, 0, 1, 0, 0, 0xff};
	struct usb_fake_device *at = behind((int)(d - usb_fake), port);
	uint8_t status[4] = {0};

	if (d->configuration == 0)
		return false;
	if (d->setup[0] == (USB_IN | USB_CLASS_TO_DEVICE))
		return answer(d, descriptor, sizeof(descriptor));
	if (port == 0 || port > d->ports)
		return false;
	if (d->setup[1] == USB_SET_FEATURE && feature == USB_PORT_POWER)
		d->is_powered[port] = true;
	if (d->setup[1] == USB_SET_FEATURE && feature == USB_PORT_RESET && at != NULL) {
		reset(at);
		d->port_reset[port] = !d->never_resets;
	}
	if (d->setup[1] == USB_CLEAR_FEATURE && feature == USB_PORT_CHANGED_RESET)
		d->port_reset[port] = false;
	if (d->setup[1] == USB_CLEAR_FEATURE && feature == USB_PORT_CHANGED_CONNECTION)
		d->port_changed[port] = false;
	if (d->setup[1] == USB_CLEAR_FEATURE && feature == USB_PORT_ENABLE && at != NULL)
		at->is_reset = false;
	if (d->setup[1] != USB_GET_STATUS)
		return true;
	if (at != NULL && d->is_powered[port]) {
		status[0] = 1 | (at->is_reset ? 2 : 0);
		status[1] = at->speed == USB_SPEED_LOW ? 2 : at->speed == USB_SPEED_HIGH ? 4 : 0;
		status[2] = d->port_reset[port] ? 1 << 4 : 0;
	}
	status[2] |= d->port_changed[port];
	return answer(d, status, sizeof(status));
}

/* A register of the chip's PHY is read or written. */
static void do_mii(struct usb_fake_device *d)
{
	const struct usb_fake_chip *c = d->chip;
	uint32_t address = d->regs[c->mii_addr / 4];
	unsigned reg = address >> LAN_USB_MII_REGISTER_SHIFT & 31;

	assert_int_equal(address & 0xf800, LAN_USB_MII_PHY);
	if ((address & LAN_USB_MII_WRITE) != 0) {
		d->mii[reg] = (uint16_t)d->regs[c->mii_data / 4];
	} else {
		d->regs[c->mii_data / 4] = d->mii[reg];
		if (reg == c->phy_status)
			d->mii[reg] = 0;
	}
}

static void write_register(struct usb_fake_device *d, const uint8_t *data)
{
	uint16_t reg = load_le16(&d->setup[4]);

	assert_true(reg < sizeof(d->regs) && reg % 4 == 0);
	d->regs[reg / 4] = load_le32(data);
	if (reg == d->chip->mii_addr && (d->regs[reg / 4] & LAN_USB_MII_BUSY) != 0)
		do_mii(d);
}

/* Bits that clear themselves have done so by the next look. */
static bool read_register(struct usb_fake_device *d)
{
	const struct usb_fake_chip *c = d->chip;
	uint32_t *reg = &d->regs[load_le16(&d->setup[4]) / 4];

	if (!d->never_ready) {
		d->regs[c->mii_addr / 4] &= ~LAN_USB_MII_BUSY;
		d->regs[c->hw_cfg / 4] &= ~c->hw_reset;
		d->regs[c->reset_ctl / 4] &= ~c->phy_reset;
		d->regs[c->reset_ctl / 4] |= c->ready;
	}
	return answer(d, reg, sizeof(*reg));
}

static bool do_request(struct usb_fake_device *d)
{
	const uint8_t *s = d->setup;
	const uint8_t status[2] = {1, 0};

	if ((s[0] & 0x60) == 0x40)
		return d->chip != NULL && ((s[0] & USB_IN) == 0 || read_register(d));

	if ((s[0] & 0x60) == 0x20) {
		if (d->is_hub)
			return do_hub(d);
		if (s[1] == SET_FILTER)
			d->filter = load_le16(&s[2]);
		return false; /* as QEMU's */
	}
	switch (s[1]) {
	case USB_GET_DESCRIPTOR:
		return answer_descriptor(d);
	case USB_SET_ADDRESS:
		d->new_address = s[2];
		return true;
	case USB_SET_CONFIGURATION:
		d->configuration = s[2];
		d->setting = 0;
		return true;
	case USB_SET_INTERFACE:
		d->setting = s[2];
		d->toggle_in = d->toggle_out = false;
		return d->configuration == 1 && s[4] == 1;
	case USB_CLEAR_FEATURE:
		d->halted_in = d->toggle_in = false;
		return s[4] == (USB_IN | DATA_ENDPOINT);
	case USB_GET_STATUS:
		d->status_requests++;
		return answer(d, status, sizeof(status));
	}
	return false;
}

static int control_setup(struct usb_fake_device *d, const uint8_t *data, size_t len)
{
	assert_int_equal(len, 8);
	memcpy(d->setup, data, 8);
	d->answer_bytes = d->answer_at = 0;
	d->toggle_control = true;
	d->stalls_control = !do_request(d);
	if (d->setup[3] == USB_DESCRIPTOR_STRING && d->is_silent_to_string)
		d->is_silent = true;
	return 8;
}

static int control_in(struct usb_fake_device *d, uint8_t *data, size_t len)
{
	size_t n = MIN(d->answer_bytes - d->answer_at, d->control_packet);

	if (d->stalls_control)
		return USB_FAKE_STALL;
	if ((d->setup[0] & USB_IN) == 0) { /* the status: empty */
		d->address = d->new_address;
		return 0;
	}
	if (d->babbles)
		return USB_FAKE_BABBLE;
	if (n > len)
		return USB_FAKE_BABBLE;
	memcpy(data, d->answer + d->answer_at, n);
	d->answer_at += n;
	return (int)n;
}

static int control(struct usb_fake_device *d, bool in, enum usb_pid pid, uint8_t *data, size_t len)
{
	if (pid == USB_PID_SETUP)
		return control_setup(d, data, len);
	if (!in && d->stalls_control)
		return USB_FAKE_STALL;
	if (!in) {
		if (d->chip != NULL && len == 4)
			write_register(d, data);
		return (int)len;
	}
	return control_in(d, data, len);
}

/* --- frames ------------------------------------------------------------------------------------
 */

static int data_in(struct usb_fake_device *d, uint8_t *data, size_t len)
{
	struct usb_fake_frame *f = &d->to_host[d->to_host_first];
	size_t n = MIN(f->len - d->frame_at, d->bulk_packet);

	if (d->stalls_in > 0) {
		d->stalls_in--;
		d->halted_in = true;
	}
	if (d->halted_in)
		return USB_FAKE_STALL;
	if (d->babbles)
		return USB_FAKE_BABBLE;
	if (d->to_host_count == 0)
		return USB_FAKE_NAK;
	if (n > len)
		return USB_FAKE_BABBLE;
	memcpy(data, f->bytes + d->frame_at, n);
	d->frame_at += n;
	if (n < d->bulk_packet) {
		d->frame_at = 0;
		d->to_host_first = (d->to_host_first + 1) % USB_FAKE_FRAMES;
		d->to_host_count--;
	}
	return (int)n;
}

static int data_out(struct usb_fake_device *d, const uint8_t *data, size_t len)
{
	struct usb_fake_frame *f = &d->gathering;

	assert_true(f->len + len <= sizeof(f->bytes) && len <= d->bulk_packet);
	memcpy(f->bytes + f->len, data, len);
	f->len += len;
	if (len < d->bulk_packet) {
		d->from_host[d->from_host_count++ % USB_FAKE_FRAMES] = *f;
		f->len = 0;
	}
	return (int)len;
}

static int notify(struct usb_fake_device *d, uint8_t *data, size_t len)
{
	if (!d->notifies)
		return USB_FAKE_NAK;
	assert_true(len >= d->notification_bytes);
	memcpy(data, d->notification, d->notification_bytes);
	d->notifies = false;
	return (int)d->notification_bytes;
}

/* A hub's endpoint: a bit for each port of which there is something to tell. */
static int tell_changes(const struct usb_fake_device *d, uint8_t *data)
{
	data[0] = 0;
	for (unsigned port = 1; port < 8; port++)
		data[0] |= (uint8_t)(d->port_changed[port] << port);
	return data[0] != 0 ? 1 : USB_FAKE_NAK;
}

static bool *toggle_of(struct usb_fake_device *d, uint8_t endpoint, bool in)
{
	if (endpoint == NOTIFY_ENDPOINT)
		return &d->toggle_notify;
	return in ? &d->toggle_in : &d->toggle_out;
}

int usb_fake_transact(uint8_t address, uint8_t endpoint, bool in, enum usb_pid pid, uint8_t *data,
		      size_t len)
{
	struct usb_fake_device *d = addressed(address);
	int n;

	if (d == NULL || d->is_silent)
		return USB_FAKE_SILENCE;
	if (d->errors > 0) {
		d->errors--;
		return USB_FAKE_SILENCE;
	}
	if (endpoint == 0)
		return control(d, in, pid, data, len);
	if (d->is_hub && d->configuration == 1) {
		assert_true(in && endpoint == NOTIFY_ENDPOINT);
		return tell_changes(d, data);
	}
	if (d->configuration != 1 || (d->chip == NULL && d->setting != 1))
		return USB_FAKE_SILENCE; /* it is off */
	assert_true(in || endpoint == DATA_ENDPOINT);
	n = endpoint == NOTIFY_ENDPOINT ? notify(d, data, len)
	    : in                        ? data_in(d, data, len)
					: data_out(d, data, len);
	if (n >= 0) {
		bool *toggle = toggle_of(d, endpoint, in);

		assert_int_equal(pid, *toggle ? USB_PID_DATA1 : USB_PID_DATA0);
		*toggle = !*toggle;
	}
	return n;
}

void usb_fake_send(struct usb_fake_device *d, const void *frame, size_t len)
{
	struct usb_fake_frame *f =
		&d->to_host[(d->to_host_first + d->to_host_count) % USB_FAKE_FRAMES];

	assert_true(d->to_host_count < USB_FAKE_FRAMES && len <= sizeof(f->bytes));
	memcpy(f->bytes, frame, len);
	f->len = len;
	d->to_host_count++;
}

void usb_fake_notify(struct usb_fake_device *d, bool connected)
{
	const uint8_t notification[8] = {0xa1, 0, connected};

	memcpy(d->notification, notification, sizeof(notification));
	d->notification_bytes = sizeof(notification);
	d->notifies = true;
}
