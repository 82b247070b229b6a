import type { FileType, FormType } from '../setup-type.js'

/** What is known of a client that gets certificates. */
interface CertificateFacts {
  /** What it calls. */
  readonly calls: '`/present` and `/cleanup`' | "acme-dns's `/update`"
  /** Who renews the certificate. */
  readonly renewal: string
}

/** A client of certificates that has a form to fill in. */
export type CertificateForm = FormType & CertificateFacts

/** A client of certificates that reads a file or runs a script. */
export type CertificateFile = FileType & CertificateFacts

/** How a client is told to prove a host's name by DNS-01. */
export type CertificateType = CertificateForm | CertificateFile
