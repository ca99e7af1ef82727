/* SPDX-License-Identifier: ISC */
/*
 * The two halves of --format=oci: what stands in a container image's JSON, and how a layout is laid
 * out on disk.
 */
#ifndef TOOLS_FATA_DEPLOY_OCI_H
#define TOOLS_FATA_DEPLOY_OCI_H

#include <jansson.h>

#include "tools/fata/deploy.h"

#define OCI_KERNEL_PATH "unikernel/kernel"

/* Whether containers have a platform of the image's architecture. */
bool oci_has_platform(const struct deployment *d);

/* Each: a new reference. */
/* An image-spec platform: architecture, os, variant. */
json_t *oci_platform(const struct deployment *d);
/* The settings of urunc as plain text; empty where it cannot start the image. */
json_t *oci_urunc_settings(const struct deployment *d);
/* The same in base 64, as urunc.json has them. */
json_t *oci_urunc_file(json_t *settings);
/* The image's configuration; `diff_id` is the digest of its unpacked layer. */
json_t *oci_configuration(const struct deployment *d, const char *diff_id, json_t *settings);

#endif
