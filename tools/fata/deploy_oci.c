/* SPDX-License-Identifier: ISC */
/*
 * --format=oci: an image layout of the Open Container Initiative (image-spec 1.1, "Image Layout"
 * and "Image Manifest") with one image of one layer:
 *
 *   /unikernel/kernel          what the board boots
 *   /unikernel/manifest.json   what it is made of
 *   /urunc.json                how the container runtime urunc starts it, where urunc can
 */
#include "tools/fata/deploy_oci.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/fata/deploy_tar.h"
#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/sha256.h"

#define INDEX_TYPE    "application/vnd.oci.image.index.v1+json"
#define MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"
#define CONFIG_TYPE   "application/vnd.oci.image.config.v1+json"
#define LAYER_TYPE    "application/vnd.oci.image.layer.v1.tar+gzip"

static const char *refuse(const struct deployment *d)
{
	if (deploy_is_process(d))
		return "its image is a process of Linux that needs a tap; systemd fits";
	if (!oci_has_platform(d))
		return "containers have no platform of its architecture; qemu and systemd fit";
	if (d->kvm || d->network_word[0] != '\0')
		return "the container runtime decides about --kvm and the network";
	return NULL;
}

/* Takes `json`. */
static struct text text_of_json(json_t *json, size_t flags)
{
	struct text t = {0};
	char *chars = json_dumps(json, flags);

	if (chars == NULL) {
		complain("there is not enough memory");
		exit(STATUS_FAILED);
	}
	text_bytes(&t, chars, strlen(chars));
	free(chars);
	json_decref(json);
	return t;
}

/* The files of the layer, sorted by name. False after a message. */
static bool make_layer(struct text *archive, const struct deployment *d, json_t *settings)
{
	struct file kernel;

	if (!file_read(&kernel, d->kernel))
		return false;
	struct text manifest = text_of_json(json_incref(d->manifest->json), JSON_INDENT(2));
	struct text urunc = text_of_json(oci_urunc_file(settings), JSON_INDENT(2));
	tar_folder(archive, "unikernel/");
	tar_file(archive, OCI_KERNEL_PATH, kernel.bytes, kernel.size);
	tar_file(archive, "unikernel/manifest.json", manifest.chars, manifest.size);
	if (json_object_size(settings) > 0)
		tar_file(archive, "urunc.json", urunc.chars, urunc.size);
	tar_end(archive);
	text_free(&manifest);
	text_free(&urunc);
	file_free(&kernel);
	return true;
}

static bool write_file(const char *folder, const char *name, const struct text *t)
{
	char *path = text_of("%s/%s", folder, name);
	FILE *f = fopen(path, "we");
	bool is_good = f != NULL && fwrite(t->chars, 1, t->size, f) == t->size;

	if (f != NULL)
		is_good = fclose(f) == 0 && is_good;
	if (!is_good)
		complain("%s: %s", path, strerror(errno));
	free(path);
	return is_good;
}

/* A new string: "sha256:…" */
static char *digest_of(const struct text *t)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex(t->chars, t->size, hex);
	return text_of("sha256:%s", hex);
}

/* Writes `t` under its digest. A new descriptor (image-spec, "Content Descriptors"), or NULL. */
static json_t *write_blob(const char *folder, const char *type, const struct text *t)
{
	json_t *descriptor = NULL;
	char *digest = digest_of(t), *name = text_of("blobs/sha256/%s", strchr(digest, ':') + 1);

	if (write_file(folder, name, t))
		descriptor = json_pack("{s:s, s:s, s:I}", "mediaType", type, "digest", digest,
				       "size", (json_int_t)t->size);
	free(name);
	free(digest);
	return descriptor;
}

/* The same for JSON, which it takes. */
static json_t *write_json_blob(const char *folder, const char *type, json_t *json)
{
	struct text t = text_of_json(json, JSON_COMPACT);
	json_t *descriptor = write_blob(folder, type, &t);

	text_free(&t);
	return descriptor;
}

static bool write_json_file(const char *folder, const char *name, json_t *json)
{
	struct text t = text_of_json(json, JSON_COMPACT);
	bool is_good = write_file(folder, name, &t);

	text_free(&t);
	return is_good;
}

static bool make_folder(const char *path)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return true;
	complain("%s: %s", path, strerror(errno));
	return false;
}

/* What is in a folder already stays as it is. */
static bool check_is_empty(const char *folder)
{
	size_t count = 0;
	DIR *entries = opendir(folder);

	if (entries == NULL) {
		complain("%s: %s", folder, strerror(errno));
		return false;
	}
	while (readdir(entries) != NULL)
		count++;
	closedir(entries);
	if (count > 2) /* "." and ".." */
		complain("%s is not empty; give a new folder by -o OUT, or remove it first",
			 folder);
	return count <= 2;
}

static bool make_folders(const char *folder)
{
	char *blobs = text_of("%s/blobs", folder), *digests = text_of("%s/blobs/sha256", folder);
	bool is_good = make_folder(folder) && check_is_empty(folder) && make_folder(blobs) &&
		       make_folder(digests);

	free(blobs);
	free(digests);
	return is_good;
}

/* Writes the layer's and the configuration's blobs. Their descriptors; false after a message. */
static bool write_content(const struct deployment *d, const char *folder, json_t *settings,
			  json_t **config, json_t **layer)
{
	struct text archive = {0}, packed = {0};

	if (!make_layer(&archive, d, settings))
		return false;
	char *diff_id = digest_of(&archive);
	gzip(&packed, archive.chars, archive.size);
	*layer = write_blob(folder, LAYER_TYPE, &packed);
	*config = write_json_blob(folder, CONFIG_TYPE, oci_configuration(d, diff_id, settings));
	free(diff_id);
	text_free(&archive);
	text_free(&packed);
	if (*layer != NULL && *config != NULL)
		return true;
	json_decref(*layer);
	json_decref(*config);
	return false;
}

/* Writes the image. The descriptor of its manifest, or NULL after a message. */
static json_t *write_image(const struct deployment *d, const char *folder, json_t *settings)
{
	json_t *config, *layer;

	if (!write_content(d, folder, settings, &config, &layer))
		return NULL;
	json_t *annotations = json_pack("{s:s}", "org.opencontainers.image.title", d->name);
	json_object_update(annotations, settings);
	json_t *manifest = json_pack("{s:i, s:s, s:o, s:[o], s:o}", "schemaVersion", 2, "mediaType",
				     MANIFEST_TYPE, "config", config, "layers", layer,
				     "annotations", annotations);
	return write_json_blob(folder, MANIFEST_TYPE, manifest);
}

static bool write_layout(const struct deployment *d, const char *folder, json_t *settings)
{
	json_t *image = write_image(d, folder, settings);

	if (image == NULL)
		return false;
	json_object_set_new(image, "platform", oci_platform(d));
	json_object_set_new(image, "annotations",
			    json_pack("{s:s}", "org.opencontainers.image.ref.name", "latest"));
	return write_json_file(folder, "index.json",
			       json_pack("{s:i, s:s, s:[o]}", "schemaVersion", 2, "mediaType",
					 INDEX_TYPE, "manifests", image)) &&
	       write_json_file(folder, "oci-layout",
			       json_pack("{s:s}", "imageLayoutVersion", "1.0.0"));
}

static bool write_folder(const struct deployment *d, const char *folder)
{
	if (!make_folders(folder))
		return false;
	json_t *settings = oci_urunc_settings(d);
	bool is_good = write_layout(d, folder, settings);
	json_decref(settings);
	return is_good;
}

const struct deploy_format deploy_oci = {
	.name = "oci",
	.about = "a folder with a container image, for registries and the runtime urunc",
	.next = "Then: skopeo copy oci:%:latest docker://REGISTRY/IMAGE",
	.refuse = refuse,
	.write_folder = write_folder,
	.publishes = true,
};
