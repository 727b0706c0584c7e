// Names of content, from the image specification and from the clients that invented their own.

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'
export const ociConfig = 'application/vnd.oci.image.config.v1+json'
export const ociEmpty = 'application/vnd.oci.empty.v1+json'
export const ociLayer = 'application/vnd.oci.image.layer.v1.tar'
export const ociLayerGzip = 'application/vnd.oci.image.layer.v1.tar+gzip'
export const ociLayerZstd = 'application/vnd.oci.image.layer.v1.tar+zstd'
export const ociForeignLayer = 'application/vnd.oci.image.layer.nondistributable.v1.tar'
export const ociForeignLayerGzip = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'

export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json'
export const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const dockerConfig = 'application/vnd.docker.container.image.v1+json'
export const dockerLayer = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
export const dockerForeignLayer = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
export const dockerSchema1 = 'application/vnd.docker.distribution.manifest.v1+json'
export const dockerSignedSchema1 = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

export const octets = 'application/octet-stream'
export const exampleOne = 'application/vnd.example.entrepot.one.v1'
export const exampleTwo = 'application/vnd.example.entrepot.two.v1'
