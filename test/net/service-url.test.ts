import { describe, expect, it } from 'vitest'
import { parseBaseUrl, parseServiceUrl } from '../../src/net/service-url.js'

describe('where the service is reached', () => {
  it.each([
    ['https://dyn.example.net', 'https://dyn.example.net', ''],
    ['http://dyn.example.net:8080/', 'http://dyn.example.net:8080', ''],
    ['dyn.example.net', 'https://dyn.example.net', ''],
    ['HTTP://192.0.2.1:80', 'http://192.0.2.1:80', ''],
    [' https://example.net/dyn ', 'https://example.net', '/dyn'],
    ['https://example.net/~tom/dyn.v2/', 'https://example.net', '/~tom/dyn.v2'],
  ])('%j', (text, url, path) => {
    expect(parseBaseUrl(text)).toMatchObject({ url, path })
  })

  it.each([
    '',
    'localhost',
    'https://',
    'ftp://example.net',
    'https://example.net?x',
    'https://example.net/a b',
    'https://example.net//a',
    'https://example.net/../a',
    'https://example.net/"><b>',
    'https://tom@example.net',
    '/dyn',
  ])('is not said by %j', (text) => {
    expect(parseBaseUrl(text)).toBeUndefined()
  })

  it('has no path for the set-up of a router', () => {
    expect(parseServiceUrl('https://example.net/dyn')).toBeUndefined()
  })
})
