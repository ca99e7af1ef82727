/* SPDX-License-Identifier: ISC */
/* Files of the application that become part of the image. */
#ifndef STORAGE_EMBEDDED_CFG_H
#define STORAGE_EMBEDDED_CFG_H

#include <fata/module.h>

struct embedded_options {
	bool gzip; /* compressed as well, for http_serve_kv_gzip */
};

static inline kv_t embedded_files(const char *folder, const struct embedded_options *o)
{
	static unsigned number;
	const char *symbol = fata_text("embedded%u", number++);
	const struct fata_spec spec = {
		.kind = "files",
		.about = fata_text("embedded files of %s", folder),
		.signature = &fata_signature_kv,
		.modules = "storage/embedded",
		.headers = "storage/embedded/embedded.h",
		.state = fata_text("extern struct embedded_files %s;", symbol),
		.value = fata_text("&%s.kv", symbol),
	};
	struct fata_node *node = fata_device(&spec, NULL, FATA_USES());
	fata_embeds(node, folder, o->gzip ? fata_text("%s:gzip", symbol) : symbol);
	return (kv_t){node};
}
#define embedded_files(FOLDER, ...)                                                                \
	FATA_HERE(embedded_files((FOLDER), &(const struct embedded_options){__VA_ARGS__}))

FATA_OFFERS(embedded_files, "kv_t embedded_files(const char *folder, .gzip = false)",
	    "the files of a folder of the application, in the image")

#endif
