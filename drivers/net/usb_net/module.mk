MODULES                       += drivers/net/usb_net
drivers/net/usb_net.sources  := usb_net.c usb_net_data.c usb_net_plug.c
drivers/net/usb_net.requires := base drivers/usb/core hal
